"""Does the verdict hold for every trick and every oddity? One row a mail, each really signed, each with its verdict."""
