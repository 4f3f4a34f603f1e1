"""Which words do impostors put beside a name, and which hosts carry a brand's name by right without being the shop?

Three lists, kept by hand; each is a judgement, written down so that it can be argued with.
"""
# ruff: noqa: SIM905 - words in a paragraph are read and amended more easily than a list of a hundred quoted strings

# Beside a name, these speak of danger, identity or money. With a short or everyday name ("line", "gap", "shop") only
# one of these makes a lookalike: "line-login" is one, "line-drive" is not.
PRESSING = frozenset(
    """
    login logins logon signin auth authenticate authentication authorize secure security safe safety protect
    protection verify verified verification confirm confirmation validate account accounts accnt acct user userid id
    member members membership password passwd reset recover recovery restore unlock unlocked locked suspend
    suspended suspension alert alerts warning notice notices notification notify urgent important update updates
    updated upgrade support help helpdesk helpcenter service services customer customers care billing bill invoice
    payment payments pay paid refund refunds cancel cancellation order orders delivery parcel tracking claim claims
    identity kyc 2fa mfa otp 365 jp jpn japan official fraud abuse case team bank banking wallet card cards anshin
    honnin kakunin ninsho nintei kinkyu jyuyo juyo touroku toroku henkou saikai teishi shiharai kaiin
    """.split()
)

# Beside a name of its own (five letters and more) these suffice.
ORDINARY = frozenset(
    """
    www web site online net com co org info inc corp group global real original the my me go get new now app apps
    mobile mail email news shop shops shopping store stores mall market outlet sale sales deal deals discount coupon
    point points gift giftcard bonus campaign event prime premium plus pro vip club cs cc tokyo asia usa us uk eu en
    home portal page center centre desk contact top cloud server host link click track send mailer mypage form
    office hp buy
    """.split()
)

# Names under which machines go, whoever owns them: as a label of a host they say nothing, not even when a shop's own
# domain begins with one.
HOSTS = frozenset(
    """
    www www1 www2 web mail mails mailer smtp mx mx1 mx2 email e em m mobile news newsletter info api app apps cdn
    static img images assets link links click track t go my login id auth account accounts pay help support blog dev
    test ns ns1 ns2 ftp sp jp en us co com net org ac ne or ed lg gr bounce bounces reply noreply mta
    """.split()
)

# Everyday words that name a kind of thing rather than one shop: treated as short names are.
EVERYDAY = frozenset(
    """
    shop shops store stores market markets online example mobile media books music games fashion house first sports
    travel tickets flower flowers garden kitchen coffee bakery pharmacy express direct select style planet world
    apple orange hands tokyo osaka kyoto
    """.split()
)

# Registrable domains that carry a known name or send for thousands of others, and are what they seem: no lookalikes.
# Free hosting, where anybody picks the name before the dot, does not belong here (the suffix list knows it).
CARRIERS = frozenset(
    """
    amazonses.com amazonaws.com amazonaws.com.cn media-amazon.com ssl-images-amazon.com images-amazon.com
    amazontrust.com amazonpay.com amazonvideo.com amazonmusic.com a2z.com awstrack.me awsapps.com cloudfront.net
    sendgrid.net sendgrid.com sendgrid.info list-manage.com mailchimp.com mailchimpapp.com mailchimpapp.net mcsv.net
    mcdlv.net rsgsv.net rsgsv2.net mandrillapp.com mailgun.org mailgun.net mailgun.com sparkpostmail.com
    postmarkapp.com pstmrk.it sendinblue.com brevo.com brevosend.com mailjet.com mjt.lu exacttarget.com
    salesforce.com salesforce-sites.com pardot.com mktomail.com marketo.com mktoweb.com hubspot.com hubspotemail.net
    hubspotlinks.com hs-sites.com customeriomail.com klaviyo.com klaviyomail.com constantcontact.com
    campaign-archive.com createsend.com cmail19.com cmail20.com braze.com iterable.com responsys.net cheetahmail.com
    epsl1.com zendesk.com zdassets.com freshdesk.com intercom-mail.com intercom.io helpscout.net atlassian.net
    googleapis.com googleusercontent.com googlemail.com googlegroups.com google-analytics.com googleadservices.com
    googletagmanager.com googlesyndication.com gstatic.com gmail.com goo.gl youtube.com icloud.com me.com mac.com
    mzstatic.com apple-dns.net apple-mapkit.com apple.news outlook.com hotmail.com live.com onmicrosoft.com
    microsoftonline.com office365.com office.com office.net sharepoint.com sharepointonline.com msn.com
    microsoftemail.com azure.com facebookmail.com fbcdn.net instagram.com linkedinmail.com paypal-communication.com
    paypalobjects.com ebaystatic.com ebayimg.com line-apps.com line-scdn.net linecorp.com line.biz line.naver.jp
    lin.ee lycorp.co.jp lycorp.jp yimg.jp yahoo-net.jp yahoodns.net yahoo-corp.jp rakuten-card.co.jp
    rakuten-bank.co.jp rakuten-sec.co.jp rakuten-static.com r10s.jp rakuten.ne.jp mercari-shops.com merpay.com
    au.com ezweb.ne.jp docomo.ne.jp softbank.ne.jp softbank.jp i.softbank.jp
    """.split()
)
