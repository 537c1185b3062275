// The sources with a name of ours: search engines, social networks, mail, chat and AI assistants.

export type Medium = 'direct' | 'internal' | 'search' | 'social' | 'mail' | 'chat' | 'ai' | 'other';

export const MEDIUMS: readonly Medium[] = ['direct', 'internal', 'search', 'social', 'mail', 'chat', 'ai', 'other'];

export interface Source {
  readonly source: string;
  readonly medium: Medium;
}

/** `names` are hosts, which include their subdomains. `name.*` is that name under the suffix of any country. */
type Row = readonly [source: string, names: string, androidApps?: string];

const SEARCH: readonly Row[] = [
  ['Google', 'google.com google.* g.co', 'com.google.android.googlequicksearchbox com.google.android.apps.searchlite'],
  ['Bing', 'bing.com', 'com.microsoft.bing'],
  ['DuckDuckGo', 'duckduckgo.com ddg.gg', 'com.duckduckgo.mobile.android'],
  ['Yahoo', 'yahoo.com yahoo.*', 'com.yahoo.mobile.client.android.search'],
  ['Yandex', 'yandex.com yandex.* ya.ru', 'ru.yandex.searchplugin'],
  ['Baidu', 'baidu.com', 'com.baidu.searchbox'],
  ['Ecosia', 'ecosia.org', 'com.ecosia.android'],
  ['Kagi', 'kagi.com'],
  ['Brave Search', 'search.brave.com'],
  ['Startpage', 'startpage.com ixquick.com startpage.de', 'app.startpage.mobile'],
  ['Qwant', 'qwant.com', 'com.qwant.liberty'],
  ['Naver', 'naver.com', 'com.nhn.android.search'],
  ['Daum', 'daum.net', 'net.daum.android.daum'],
  ['Seznam', 'seznam.cz'],
  ['Sogou', 'sogou.com'],
  ['360 Search', 'so.com haosou.com'],
  ['Shenma', 'sm.cn'],
  ['Toutiao', 'toutiao.com', 'com.ss.android.article.news'],
  ['Mojeek', 'mojeek.com mojeek.co.uk'],
  ['Swisscows', 'swisscows.com swisscows.ch'],
  ['Ask', 'ask.com'],
  ['AOL', 'aol.com aol.*'],
  ['Mail.ru Search', 'go.mail.ru'],
  ['Rambler', 'rambler.ru'],
  ['Lycos', 'lycos.com lycos.*'],
  ['Excite', 'excite.com excite.co.jp'],
  ['Dogpile', 'dogpile.com'],
  ['MetaGer', 'metager.org metager.de'],
  ['Presearch', 'presearch.com presearch.org'],
  ['Marginalia', 'marginalia.nu marginalia-search.com'],
  ['Stract', 'stract.com'],
  ['Lilo', 'lilo.org'],
  ['Oceanhero', 'oceanhero.today'],
  ['Gibiru', 'gibiru.com'],
  ['Goo', 'goo.ne.jp'],
  ['Biglobe', 'biglobe.ne.jp'],
  ['Onet', 'onet.pl'],
  ['Virgilio', 'virgilio.it'],
  ['Libero', 'libero.it'],
  ['Coc Coc', 'coccoc.com'],
  ['Petal Search', 'petalsearch.com'],
  ['SearXNG', 'searx.be searx.space'],
  ['Info.com', 'info.com'],
  ['WebCrawler', 'webcrawler.com'],
  ['AltaVista', 'altavista.com'],
];

const SOCIAL: readonly Row[] = [
  ['Facebook', 'facebook.com fb.com fb.me fb.watch', 'com.facebook.katana com.facebook.lite'],
  ['Instagram', 'instagram.com instagr.am', 'com.instagram.android com.instagram.lite'],
  ['Threads', 'threads.net threads.com', 'com.instagram.barcelona'],
  ['X', 'x.com twitter.com t.co', 'com.twitter.android com.twitter.android.lite'],
  ['LinkedIn', 'linkedin.com lnkd.in', 'com.linkedin.android'],
  ['Reddit', 'reddit.com redd.it', 'com.reddit.frontpage free.reddit.news com.andrewshu.android.reddit'],
  ['Pinterest', 'pinterest.com pinterest.* pin.it', 'com.pinterest'],
  ['TikTok', 'tiktok.com', 'com.zhiliaoapp.musically com.ss.android.ugc.trill'],
  ['YouTube', 'youtube.com youtu.be youtube-nocookie.com', 'com.google.android.youtube'],
  ['Vimeo', 'vimeo.com', 'com.vimeo.android.videoapp'],
  ['Twitch', 'twitch.tv', 'tv.twitch.android.app'],
  ['Snapchat', 'snapchat.com', 'com.snapchat.android'],
  [
    'Mastodon',
    'mastodon.social mastodon.online mastodon.world mastodon.cloud mastodon.xyz mastodon.art mastodon.nl mastodon.uno ' +
      'mastodonapp.uk mastodon.ie mastodon.nu mstdn.social mstdn.jp mstdn.ca mas.to fosstodon.org hachyderm.io ' +
      'infosec.exchange techhub.social chaos.social troet.cafe mathstodon.xyz pawoo.net piaille.fr aus.social ' +
      'indieweb.social ruby.social ' +
      'phpc.social sigmoid.social scholar.social social.coop social.vivaldi.net octodon.social det.social nrw.social ' +
      'mamot.fr framapiaf.org toot.io toot.community universeodon.com c.im sfba.social kolektiva.social journa.host botsin.space',
    'org.joinmastodon.android com.keylesspalace.tusky',
  ],
  ['Pixelfed', 'pixelfed.social'],
  ['Lemmy', 'lemmy.world lemmy.ml lemm.ee programming.dev feddit.org sh.itjust.works', 'com.jerboa'],
  ['Misskey', 'misskey.io'],
  ['Bluesky', 'bsky.app bsky.social', 'xyz.blueskyweb.app'],
  ['Nostr', 'primal.net snort.social iris.to'],
  ['VK', 'vk.com vk.ru vkontakte.ru', 'com.vkontakte.android'],
  ['Odnoklassniki', 'ok.ru odnoklassniki.ru', 'ru.ok.android'],
  ['Moi Mir', 'my.mail.ru'],
  ['Dzen', 'dzen.ru'],
  ['Weibo', 'weibo.com weibo.cn t.cn', 'com.sina.weibo'],
  ['Douban', 'douban.com', 'com.douban.frodo'],
  ['Zhihu', 'zhihu.com', 'com.zhihu.android'],
  ['Xiaohongshu', 'xiaohongshu.com xhslink.com rednote.com', 'com.xingin.xhs'],
  ['Bilibili', 'bilibili.com b23.tv', 'tv.danmaku.bili'],
  ['Douyin', 'douyin.com', 'com.ss.android.ugc.aweme'],
  ['Kuaishou', 'kuaishou.com', 'com.smile.gifmaker'],
  ['Tieba', 'tieba.baidu.com', 'com.baidu.tieba'],
  ['Qzone', 'qzone.qq.com', 'com.qzone'],
  ['Niconico', 'nicovideo.jp', 'jp.nicovideo.android'],
  ['Hatena', 'hatena.ne.jp hatenablog.com'],
  ['Note', 'note.com'],
  ['Ameba', 'ameblo.jp ameba.jp'],
  ['Naver Blog', 'blog.naver.com cafe.naver.com'],
  ['Hacker News', 'news.ycombinator.com hckrnews.com', 'io.github.hidroh.materialistic'],
  ['Lobsters', 'lobste.rs'],
  ['Slashdot', 'slashdot.org'],
  ['Digg', 'digg.com'],
  ['Tildes', 'tildes.net'],
  ['Product Hunt', 'producthunt.com', 'com.producthuntmobile'],
  ['Indie Hackers', 'indiehackers.com'],
  ['Tumblr', 'tumblr.com', 'com.tumblr'],
  ['Quora', 'quora.com', 'com.quora.android'],
  ['Stack Overflow', 'stackoverflow.com stackoverflow.blog', 'com.stackexchange.marvin'],
  ['Stack Exchange', 'stackexchange.com superuser.com serverfault.com askubuntu.com mathoverflow.net stackapps.com'],
  ['Medium', 'medium.com', 'com.medium.reader'],
  ['Substack', 'substack.com', 'com.substack.app'],
  ['GitHub', 'github.com', 'com.github.android'],
  ['GitLab', 'gitlab.com'],
  ['Codeberg', 'codeberg.org'],
  ['Hugging Face', 'huggingface.co hf.co'],
  ['DEV Community', 'dev.to', 'to.dev.dev_android'],
  ['Hashnode', 'hashnode.com'],
  ['Habr', 'habr.com'],
  ['Flipboard', 'flipboard.com flip.it', 'flipboard.app'],
  ['Pocket', 'getpocket.com', 'com.ideashower.readitlater.pro'],
  ['Feedly', 'feedly.com', 'com.devhd.feedly'],
  ['Inoreader', 'inoreader.com', 'com.innologica.inoreader'],
  ['Flickr', 'flickr.com flic.kr', 'com.flickr.android'],
  ['Imgur', 'imgur.com', 'com.imgur.mobile'],
  ['DeviantArt', 'deviantart.com', 'com.deviantart.android.damobile'],
  ['Behance', 'behance.net', 'com.behance.behance'],
  ['Dribbble', 'dribbble.com'],
  ['Goodreads', 'goodreads.com', 'com.goodreads'],
  ['SoundCloud', 'soundcloud.com', 'com.soundcloud.android'],
  ['Patreon', 'patreon.com', 'com.patreon.android'],
  ['Linktree', 'linktr.ee lnk.bio'],
  ['Meetup', 'meetup.com', 'com.meetup'],
  ['Nextdoor', 'nextdoor.com nextdoor.co.uk', 'com.nextdoor'],
  ['Xing', 'xing.com', 'com.xing.android'],
  ['Truth Social', 'truthsocial.com', 'com.truthsocial.android.app'],
  ['Gab', 'gab.com'],
  ['Rumble', 'rumble.com', 'com.rumble.battles'],
  ['Dailymotion', 'dailymotion.com dai.ly', 'com.dailymotion.dailymotion'],
  ['LiveJournal', 'livejournal.com', 'com.livejournal.android'],
  ['MySpace', 'myspace.com'],
  ['StumbleUpon', 'stumbleupon.com mix.com'],
  ['Delicious', 'delicious.com del.icio.us'],
];

const MAIL: readonly Row[] = [
  ['Gmail', 'mail.google.com inbox.google.com', 'com.google.android.gm com.google.android.gm.lite'],
  [
    'Outlook',
    'outlook.com outlook.live.com outlook.office.com outlook.office365.com outlook.cloud.microsoft mail.live.com hotmail.com ' +
      'safelinks.protection.outlook.com',
    'com.microsoft.office.outlook',
  ],
  ['Yahoo Mail', 'mail.yahoo.com mail.yahoo.co.jp', 'com.yahoo.mobile.client.android.mail'],
  ['Proton Mail', 'mail.proton.me mail.protonmail.com protonmail.com', 'ch.protonmail.android'],
  ['iCloud Mail', 'icloud.com'],
  ['AOL Mail', 'mail.aol.com', 'com.aol.mobile.aolapp'],
  ['GMX', 'gmx.com gmx.net gmx.*', 'de.gmx.mobile.android.mail com.gmx.mobile.android.mail'],
  ['WEB.DE', 'web.de', 'de.web.mobile.android.mail'],
  ['T-Online Mail', 'email.t-online.de', 'de.telekom.mail'],
  ['Freenet Mail', 'webmail.freenet.de'],
  ['mailbox.org', 'mailbox.org'],
  ['Posteo', 'posteo.de posteo.net'],
  ['Tuta', 'app.tuta.com mail.tutanota.com', 'de.tutao.tutanota'],
  ['Fastmail', 'fastmail.com fastmail.fm', 'com.fastmail.app'],
  ['HEY', 'app.hey.com', 'com.basecamp.hey'],
  ['Zoho Mail', 'mail.zoho.com mail.zoho.eu mail.zoho.in', 'com.zoho.mail'],
  ['Yandex Mail', 'mail.yandex.ru mail.yandex.com', 'ru.yandex.mail'],
  ['Mail.ru', 'mail.ru', 'ru.mail.mailapp'],
  ['QQ Mail', 'mail.qq.com', 'com.tencent.androidqqmail'],
  ['NetEase Mail', 'mail.163.com mail.126.com', 'com.netease.mail com.netease.mobimail'],
  ['Naver Mail', 'mail.naver.com', 'com.nhn.android.mail'],
  ['Daum Mail', 'mail.daum.net'],
  ['Seznam Email', 'email.seznam.cz', 'cz.seznam.email'],
  ['Orange Mail', 'messagerie.orange.fr mail.orange.fr'],
  ['Laposte', 'webmail.laposte.net'],
  ['Mailchimp', 'list-manage.com campaign-archive.com mailchi.mp'],
  ['Buttondown', 'buttondown.com buttondown.email'],
  ['beehiiv', 'beehiiv.com'],
  ['Kit', 'convertkit-mail.com convertkit-mail2.com ck.page'],
  ['Campaign Monitor', 'createsend.com cmail19.com cmail20.com'],
  ['SendGrid', 'sendgrid.net'],
  ['HubSpot', 'hubspotlinks.com'],
  ['K-9 Mail', 'k9mail.app', 'com.fsck.k9'],
  ['Thunderbird', 'thunderbird.net', 'net.thunderbird.android'],
  ['Superhuman', 'mail.superhuman.com'],
];

const CHAT: readonly Row[] = [
  ['Telegram', 't.me telegram.org telegram.me', 'org.telegram.messenger org.telegram.messenger.web'],
  ['WhatsApp', 'whatsapp.com wa.me', 'com.whatsapp com.whatsapp.w4b'],
  ['Slack', 'slack.com slack-redir.net', 'com.slack'],
  ['Discord', 'discord.com discordapp.com discord.gg', 'com.discord'],
  ['Teams', 'teams.microsoft.com teams.live.com teams.cloud.microsoft statics.teams.cdn.office.net', 'com.microsoft.teams'],
  ['Messenger', 'messenger.com m.me', 'com.facebook.orca com.facebook.mlite'],
  ['Signal', 'signal.org signal.me', 'org.thoughtcrime.securesms'],
  ['LINE', 'line.me', 'jp.naver.line.android'],
  ['KakaoTalk', 'kakao.com', 'com.kakao.talk'],
  ['WeChat', 'weixin.qq.com wx.qq.com wechat.com', 'com.tencent.mm'],
  ['QQ', 'im.qq.com', 'com.tencent.mobileqq'],
  ['Viber', 'viber.com', 'com.viber.voip'],
  ['Skype', 'skype.com', 'com.skype.raider'],
  ['Threema', 'threema.ch', 'ch.threema.app'],
  ['Element', 'element.io matrix.to', 'im.vector.app io.element.android.x'],
  ['Google Chat', 'chat.google.com meet.google.com', 'com.google.android.apps.dynamite com.google.android.apps.meetings'],
  ['Google Messages', 'messages.google.com', 'com.google.android.apps.messaging'],
  ['Zoom', 'zoom.us', 'us.zoom.videomeetings'],
  ['Webex', 'webex.com', 'com.cisco.webex.meetings'],
  ['Mattermost', 'mattermost.com', 'com.mattermost.rn'],
  ['Zulip', 'zulipchat.com', 'com.zulipmobile'],
  ['Gitter', 'gitter.im'],
  ['Zalo', 'zalo.me', 'com.zing.zalo'],
  ['Lark', 'larksuite.com feishu.cn', 'com.larksuite.suite com.ss.android.lark'],
  ['DingTalk', 'dingtalk.com', 'com.alibaba.android.rimet'],
];

const AI: readonly Row[] = [
  ['ChatGPT', 'chatgpt.com chat.openai.com', 'com.openai.chatgpt'],
  ['Perplexity', 'perplexity.ai', 'ai.perplexity.app.android'],
  ['Claude', 'claude.ai claude.com', 'com.anthropic.claude'],
  ['Gemini', 'gemini.google.com bard.google.com', 'com.google.android.apps.bard'],
  ['NotebookLM', 'notebooklm.google.com', 'com.google.android.apps.labs.language.tailwind'],
  ['Google AI Studio', 'aistudio.google.com'],
  [
    'Copilot',
    'copilot.microsoft.com copilot.com copilot.cloud.microsoft m365.cloud.microsoft edgeservices.bing.com sydney.bing.com',
    'com.microsoft.copilot',
  ],
  ['DeepSeek', 'deepseek.com', 'com.deepseek.chat'],
  ['Grok', 'grok.com grok.x.com', 'ai.x.grok'],
  ['Mistral', 'chat.mistral.ai', 'ai.mistral.chat'],
  ['Poe', 'poe.com', 'com.poe.android'],
  ['You.com', 'you.com'],
  ['Meta AI', 'meta.ai', 'com.facebook.stella'],
  ['Phind', 'phind.com'],
  ['Duck.ai', 'duck.ai'],
  ['Kimi', 'kimi.com kimi.ai kimi.moonshot.cn', 'com.moonshot.kimichat'],
  ['Qwen', 'qwen.ai tongyi.aliyun.com tongyi.com qianwen.com', 'ai.qwenlm.chat.android com.aliyun.tongyi'],
  ['Ernie', 'yiyan.baidu.com', 'com.baidu.newapp'],
  ['Doubao', 'doubao.com', 'com.larus.nova'],
  ['Yuanbao', 'yuanbao.tencent.com', 'com.tencent.hunyuan.app.chat'],
  ['ChatGLM', 'chatglm.cn z.ai'],
  ['MiniMax', 'minimax.io'],
  ['Pi', 'pi.ai'],
  ['Character.AI', 'character.ai', 'ai.character.app'],
  ['Genspark', 'genspark.ai', 'ai.mainfunc.genspark'],
  ['Felo', 'felo.ai'],
  ['Andi', 'andisearch.com'],
  ['iAsk', 'iask.ai'],
  ['Komo', 'komo.ai'],
  ['Consensus', 'consensus.app'],
  ['Elicit', 'elicit.com'],
  ['Lumo', 'lumo.proton.me', 'me.proton.android.lumo'],
  ['Manus', 'manus.im'],
];

/** Hosts that would otherwise match a row above. */
const OTHER: readonly Row[] = [
  ['Google Docs', 'docs.google.com drive.google.com', 'com.google.android.apps.docs'],
  ['Google Sites', 'sites.google.com'],
  ['Google Classroom', 'classroom.google.com', 'com.google.android.apps.classroom'],
  ['Google Calendar', 'calendar.google.com', 'com.google.android.calendar'],
  ['Google Translate', 'translate.google.com translate.goog', 'com.google.android.apps.translate'],
  ['Google Play', 'play.google.com', 'com.android.vending'],
  ['Google Account', 'accounts.google.com myaccount.google.com'],
  ['Google Ads', 'googlesyndication.com doubleclick.net googleadservices.com ads.google.com'],
  ['Wikipedia', 'wikipedia.org', 'org.wikipedia'],
];

const TABLE: ReadonlyArray<readonly [Medium, readonly Row[]]> = [
  ['search', SEARCH],
  ['social', SOCIAL],
  ['mail', MAIL],
  ['chat', CHAT],
  ['ai', AI],
  ['other', OTHER],
];

const HOSTS = new Map<string, Source>();
const COUNTRY_NAMES = new Map<string, Source>();
const ANDROID_APPS = new Map<string, Source>();
const NAMES = new Map<string, Source>();

for (const [medium, rows] of TABLE) {
  for (const [source, names, androidApps] of rows) {
    const found = { source, medium };
    NAMES.set(source.toLowerCase(), found);
    for (const name of names.split(' ')) {
      if (name.endsWith('.*')) COUNTRY_NAMES.set(name.slice(0, -2), found);
      else HOSTS.set(name, found);
    }
    for (const app of androidApps?.split(' ') ?? []) ANDROID_APPS.set(app, found);
  }
}

/** The source of the host or of its closest listed parent domain. So `google.com.evil.example` has none. */
export function sourceOfHost(host: string): Source | undefined {
  for (let from = 0; ; ) {
    const found = HOSTS.get(from === 0 ? host : host.slice(from));
    if (found !== undefined) return found;
    const dot = host.indexOf('.', from);
    if (dot < 0) return undefined;
    from = dot + 1;
  }
}

/** `name`: such as `google` in `google.co.uk`. The caller must check that the suffix is that of a country. */
export function sourceOfCountryName(name: string): Source | undefined {
  return COUNTRY_NAMES.get(name);
}

/** `name`: a package name in lower case. */
export function sourceOfAndroidApp(name: string): Source | undefined {
  return ANDROID_APPS.get(name);
}

/** `name`: the name of a source in any case, such as `Google` or `google`. */
export function sourceOfName(name: string): Source | undefined {
  return NAMES.get(name.toLowerCase());
}
