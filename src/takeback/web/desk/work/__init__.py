"""Where does staff work? The queue, what is decided on a case's page, tasks, calls and reports by telephone."""
