"""The words of the pages on which mails are looked at, sent and fetched."""

from __future__ import annotations

from kbxt_merge.model.text import Words

LETTER_WORDS: dict[str, Words] = {
    "sent": Words("已发出", "sent"),
    "uncertain": Words("可能已发出", "may have gone out"),
    "failed": Words("没有发出", "not sent"),
    "no_letters": Words("还没有发过信。", "No mail was sent yet."),
    "would_go": Words("现在可以发的信", "Mails that can go now"),
    "who": Words("发给", "To whom"),
    "to_all": Words("全部学校", "all schools"),
    "to_owing": Words("只催还没交、还没改的", "only those that owe something"),
    "by": Words("请在这天前报送", "They must answer by"),
    "show": Words("显示", "Show"),
    "preview": Words("看这封信", "See this mail"),
    "mail_as_file": Words("下载原信（.eml）", "Download the mail (.eml)"),
    "subject": Words("主题", "Subject"),
    "last_mail": Words("上一封", "The last one"),
    "no_address": Words("名册中没有可用的邮箱", "no usable address"),
    "send_chosen": Words("发给选中的学校", "Send to those chosen"),
    "send_how": Words(
        "每封只发一次：内容没有变化的学校不会再收到。发信快慢按邮箱的限制，进度在首页。",
        "Each goes once: a school of which nothing changed gets none. The first page tells how it goes.",
    ),
    "code": Words("授权码（{user}）", "Authorisation code of {user}"),
    "code_how": Words("只用于这一次，不保存；设置了环境变量或系统钥匙串时不用填。", "For this once; it is not kept."),
    "fetch_now": Words("收信", "Fetch mails"),
    "no_account": Words(
        "还没有设置邮箱：信可以先看，还不能发。请在“设置”里填邮箱账号和收发信服务器。",
        "No mailbox is set: mails can be seen, and not sent yet. Set its account and servers under Settings.",
    ),
    "no_account_blanks": Words(
        "还没有设置邮箱，不能按校发送。请在“设置”里填邮箱账号和发信服务器。",
        "No mailbox is set: nothing can be mailed. Set its account and server under Settings.",
    ),
    "attachments": Words("附件", "Attachments"),
    "bytes": Words("{size} KB", "{size} KB"),
    "past_letters": Words("发过的信", "Mails that went"),
    "from": Words("发件人", "From"),
    "back_letters": Words("← 信件", "← mails"),
    "mailbox_looked": Words("邮箱上次查看 {at}", "mailbox last looked into at {at}"),
    "mailbox_never": Words("邮箱还没有查看过", "the mailbox was not looked into yet"),
    "waiting": Words("邮箱里等着的", "What the mailbox waits for"),
    "to": Words("收件人", "To"),
    "state": Words("状态", "State"),
    "answer": Words("对方回复", "What the server said"),
}
