"""Well-known domains, by hand: who really writes to customers in Japan and elsewhere, and where their links lead."""
# ruff: noqa: SIM905 - a paragraph of domains is read and amended more easily than a list of quoted strings

KNOWN = tuple(
    """
    rakuten.co.jp amazon.co.jp yahoo.co.jp mercari.com zozo.jp yodobashi.com biccamera.com nitori-net.jp uniqlo.com
    gu-global.com muji.com loft.co.jp tokyu-hands.co.jp hands.net askul.co.jp lohaco.yahoo.co.jp kakaku.com edion.com
    ksdenki.com joshin.co.jp joshinweb.jp yamada-denki.jp nojima.co.jp sofmap.com dospara.co.jp pc-koubou.jp
    tsukumo.co.jp ark-pc.co.jp hmv.co.jp tower.jp tsutaya.co.jp kinokuniya.co.jp honto.jp bookoff.co.jp suruga-ya.jp
    animate-onlineshop.jp toranoana.jp melonbooks.co.jp dmm.com dlsite.com cecile.co.jp nissen.co.jp bellemaison.jp
    dinos.co.jp belluna.jp felissimo.co.jp fancl.co.jp dhc.co.jp orbis.co.jp shiseido.co.jp kao.com cosme.com cosme.net
    matsukiyo.co.jp sundrug.co.jp welcia.co.jp kokumin.co.jp aeon.com aeonretail.com aeon.info itoyokado.co.jp
    seiyu.co.jp life-netsuper.jp oisix.com radishbo-ya.co.jp pal-system.co.jp coopdeli.jp sej.co.jp 7net.omni7.jp
    lawson.co.jp family.co.jp ministop.co.jp starbucks.co.jp mcdonalds.co.jp mos.jp kfc.co.jp sushiro.co.jp
    skylark.co.jp zensho.co.jp yoshinoya.com matsuyafoods.co.jp gnavi.co.jp tabelog.com hotpepper.jp retty.me
    jalan.net rurubu.travel jtb.co.jp his-j.com knt.co.jp ikyu.com booking.com expedia.co.jp agoda.com airbnb.jp
    jal.co.jp ana.co.jp flypeach.com jetstar.com starflyer.jp jreast.co.jp eki-net.com jr-odekake.net smart-ex.jp
    jr-central.co.jp jrkyushu.co.jp odakyu.jp tokyu.co.jp tobu.co.jp seibu.jp keio.co.jp kintetsu.co.jp hankyu.co.jp
    hanshin.co.jp mufg.jp bk.mufg.jp smbc.co.jp smbc-card.com mizuhobank.co.jp resonabank.co.jp japanpost.jp
    jp-bank.japanpost.jp post.japanpost.jp sevenbank.co.jp sonybank.jp netbk.co.jp aubank.jp jibunbank.co.jp
    paypay-bank.co.jp paypay.ne.jp lawsonbank.jp shinseibank.com sbishinseibank.co.jp aozorabank.co.jp gmo-aozora.com
    surugabank.co.jp chibabank.co.jp boy.co.jp fukuokabank.co.jp shizuokabank.co.jp 77bank.co.jp hokuyobank.co.jp
    sbisec.co.jp monex.co.jp matsui.co.jp nomura.co.jp daiwa.jp kabu.com saxobank.co.jp jcb.co.jp saisoncard.co.jp
    eposcard.co.jp orico.co.jp aplus.co.jp jaccs.co.jp cedyna.co.jp vpass.ne.jp aeon.co.jp pocketcard.co.jp
    americanexpress.com diners.co.jp visa.co.jp mastercard.com paypal.com stripe.com square.com wise.com revolut.com
    kuronekoyamato.co.jp sagawa-exp.co.jp seino.co.jp fukutsu.co.jp dhl.com fedex.com ups.com usps.com royalmail.com
    nttdocomo.co.jp docomo.ne.jp au.com kddi.com softbank.jp uqwimax.jp ymobile.jp povo.jp linemo.jp iijmio.jp
    mineo.jp ocn.ne.jp nifty.com biglobe.ne.jp so-net.ne.jp plala.or.jp asahi-net.or.jp dti.ne.jp eonet.jp jcom.co.jp
    tepco.co.jp kepco.jp chuden.co.jp tohoku-epco.co.jp kyuden.co.jp tokyo-gas.co.jp osakagas.co.jp nhk.or.jp
    wowow.co.jp netflix.com hulu.jp abema.tv unext.jp nicovideo.jp pixiv.net cookpad.com note.com hatena.ne.jp ameba.jp
    livedoor.com fc2.com goo.ne.jp excite.co.jp nikkei.com asahi.com yomiuri.co.jp mainichi.jp sankei.com itmedia.co.jp
    impress.co.jp ascii.jp e-gov.go.jp nta.go.jp mynumbercard.point.soumu.go.jp npa.go.jp ipa.go.jp nenkin.go.jp
    city.yokohama.lg.jp metro.tokyo.lg.jp u-tokyo.ac.jp kyoto-u.ac.jp keio.ac.jp waseda.jp
    line.me linecorp.com google.com gmail.com youtube.com microsoft.com outlook.com live.com hotmail.com office.com
    apple.com icloud.com me.com facebook.com facebookmail.com instagram.com twitter.com x.com tiktok.com linkedin.com
    pinterest.com reddit.com discord.com slack.com zoom.us dropbox.com box.com notion.so github.com gitlab.com
    atlassian.com adobe.com canva.com spotify.com ebay.com etsy.com walmart.com target.com costco.com bestbuy.com
    ikea.com hm.com zara.com gap.com nike.com adidas.com asos.com zalando.de otto.de aliexpress.com alibaba.com temu.com
    shein.com taobao.com jd.com shopify.com wayfair.com homedepot.com lowes.com macys.com nordstrom.com sephora.com
    ulta.com steampowered.com playstation.com nintendo.com nintendo.net xbox.com epicgames.com ea.com blizzard.com
    bankofamerica.com chase.com wellsfargo.com citi.com hsbc.com barclays.co.uk santander.com ing.com bnpparibas.com
    proton.me protonmail.com yahoo.com aol.com gmx.de web.de mail.ru yandex.ru qq.com 163.com naver.com daum.net
    fastmail.com zoho.com tutanota.com amazonses.com amazonaws.com sendgrid.net list-manage.com mailgun.org mcsv.net
    cloudfront.net akamai.net fastly.net cloudflare.com wordpress.com wix.com squarespace.com blogspot.com medium.com
    substack.com wikipedia.org mozilla.org python.org debian.org ubuntu.com redhat.com oracle.com ibm.com sap.com
    salesforce.com hubspot.com zendesk.com intercom.io mailchimp.com klaviyo.com braze.com twilio.com heroku.com
    sonybank.net rohto.co.jp suntory.co.jp
    mall.cz orange.fr free.fr laposte.net t-online.de libero.it telefonica.es vodafone.com bt.com sky.com bbc.co.uk
    amazonriver.org amazonia.org applebees.com snapple.com pineapple.jp gapyear.com airline.com online.de timeline.jp
    guideline.com gaproject.org marchi.jp mercury.com merck.com meccha.jp aple-club.jp zoo.jp unicef.or.jp unique.jp
    """.split()
)
