"""What each setting is for, by its key in kbxt.toml: for `--help`, and for the page that lists them all."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.text import Words

SETTING_WORDS: Mapping[str, Words] = {
    "lang": Words("界面语言。", "The language of all that people read."),
    "jobs": Words("同时读取的进程数，0 为本进程。", "How many processes read at once; 0: this one."),
    "period": Words(
        "汇总的学期、月份、季度或学年，如 2021春、2021-03、2021Q2、2020学年。",
        "The period: a term, month, quarter or school year.",
    ),
    "as_of": Words("基准日期，如 2021-03-20；没有填表日期的表按它计算年龄。", "The reference day."),
    "due": Words(
        "报送截止日；不写时，以及早于本期第一天时，按学期或月份推算。",
        "The day returns are due; by default, and where it lies before the period, the period's own.",
    ),
    "roster": Words("学校名册（.xlsx 或 .csv）；不写时取收件夹旁的学校名册。", "The roster of schools."),
    "registers": Words(
        "比对库文件夹（学籍、脱贫户、残疾人证、户籍等名册）或其网址；不写时取收件夹旁的“比对库”。",
        "The folder of the bureau's registers, or its URL.",
    ),
    "schemas": Words("自定义表格定义的文件夹或工作簿。", "A folder or workbook of form definitions of your own."),
    "strict": Words("有必须修改的问题时退出码为 1。", "Exit 1 when errors are found."),
    "engine": Words("在本机读取，或分给 Dask 集群。", "What reads: this machine, or a Dask cluster."),
    "scheduler": Words("Dask 调度器的地址；不写时在本机临时启动。", "The address of a Dask scheduler."),
    "ledger": Words(
        "账本的数据库地址，如 postgresql+psycopg://…；不写时用结果文件夹中的 kbxt.db。", "Where the ledger is."
    ),
    "passwords": Words("打开加密工作簿时依次尝试的密码。", "Passwords to try on locked workbooks, in turn."),
    "limits.file_bytes": Words("一个文件最大的字节数。", "The largest file that is read."),
    "limits.inflated_bytes": Words("一个工作簿解压后最大的字节数。", "The most that one workbook may inflate to."),
    "limits.ratio": Words("大的部件最大的压缩倍数。", "How many times its packed size a large part may inflate to."),
    "limits.ratio_from_bytes": Words("从多大的部件起看压缩倍数。", "From what size on that ratio is looked at."),
    "limits.entries": Words("一个工作簿最多的部件数。", "The most parts of one workbook."),
    "limits.members": Words(
        "一个压缩包连同里面的压缩包最多的文件数。", "The most files in one archive and the archives in it."
    ),
    "limits.archive_bytes": Words(
        "一个压缩包连同里面的压缩包解压后，最多比它自己多出的字节数。", "By how much more an archive may inflate."
    ),
    "limits.archive_seconds": Words("列出一个压缩包最长的时间。", "The longest that it may take to list an archive."),
    "limits.sheets": Words("一个工作簿最多的工作表数。", "The most sheets of one workbook."),
    "limits.cells": Words("一个工作簿最多的单元格数。", "The most cells of one workbook."),
    "limits.shared_strings": Words("一个工作簿最多的共享字符串数。", "The most shared strings of one workbook."),
    "limits.inbox_records": Words(
        "整个收件夹最多的记录行数；超过时，行数最多的文件不汇总。",
        "The most records of all workbooks together; past them the largest workbooks are not merged.",
    ),
    "limits.records": Words("一个工作簿最多的记录行数。", "The most records of one workbook."),
    "limits.seconds": Words("读一个文件最长的时间。", "The longest that one file may take to read."),
    "limits.memory_bytes": Words("一个读取进程最多的内存。", "The most memory of one reading process."),
    "mail.host": Words("发信服务器（SMTP）的地址。", "The server that sends mail (SMTP)."),
    "mail.port": Words("发信端口；0 为该加密方式常用的端口。", "Its port; 0: the usual one of its security."),
    "mail.security": Words("与发信服务器的加密方式。", "How the connection to it is made safe."),
    "mail.user": Words("邮箱账号；授权码不写在这里。", "The account; its code does not stand here."),
    "mail.from": Words("发件人地址；不写时用账号。", "The address that mails come from; by default the account."),
    "mail.sender_name": Words("发件人名称。", "The name shown beside it."),
    "mail.reply_to": Words("学校回信寄到的地址。", "Where schools' answers go."),
    "mail.pace_seconds": Words("两封邮件之间等多久。", "How long to wait between two mails."),
    "mail.mails_per_connection": Words("一次连接最多发几封。", "The most mails sent over one connection."),
    "mail.tries": Words("一封邮件最多试几次。", "How often one mail is tried."),
    "mail.timeout_seconds": Words("等服务器多久。", "How long to wait for a server."),
    "mail.imap_host": Words("收信服务器（IMAP）的地址。", "The server that mail is fetched from (IMAP)."),
    "mail.imap_port": Words("收信端口；0 为该加密方式常用的端口。", "Its port; 0: the usual one of its security."),
    "mail.imap_security": Words("与收信服务器的加密方式。", "How the connection to it is made safe."),
    "mail.imap_folder": Words("从哪些邮件夹收取，如 INBOX、广告邮件。", "The mail folders to fetch from."),
    "mail.memory": Words(
        "记住取过哪些邮件的文件夹；不写时在收件夹旁。收件夹不在一处的，写同一个文件夹，取过的邮件就不再取。",
        "The folder that remembers what was fetched, one for inboxes in different places; else beside the inbox.",
    ),
    "mail.plain_report": Words(
        "核查报告不加密（不建议：里面有孩子的姓名和问题）；不写时放在加密的压缩包里。",
        "Do not lock a school's report, which names children.",
    ),
    "mail.plain_login": Words(
        "允许在不加密的连接上登录（不建议：授权码在途中可被看到）。", "Log in over a line that is not safe."
    ),
}
