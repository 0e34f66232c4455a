"""The words of a desk that colleagues on the office network may open."""

from __future__ import annotations

from kbxt_merge.model.text import Words

LAN_WORDS: dict[str, Words] = {
    "login": Words("登录", "Log in"),
    "logout": Words("退出登录", "Log out"),
    "login_name": Words("姓名", "Name"),
    "login_password": Words("密码", "Password"),
    "wrong_login": Words("姓名或密码不对。", "Name or password is wrong."),
    "too_many_tries": Words("试错太多次，请 15 分钟后再试。", "Too many wrong tries; wait for 15 minutes."),
    "not_encrypted": Words(
        "这个网页没有加密，密码和学生信息在办公网上可能被看到：只在可信的网络里用，或请管理员用 --cert 打开。",
        "This page is not encrypted: use it on a trusted network only, or have it opened with --cert.",
    ),
    "accounts": Words("账户", "Accounts"),
    "accounts_how": Words(
        "同事在办公网上打开 {origin}，用这里的姓名和密码登录；八小时后要重新登录。同名再存一次，就是改角色和密码。",
        "Colleagues open {origin} and log in by these names; after eight hours anew. Saving a name again changes it.",
    ),
    "accounts_here": Words(
        "工作台只在本机打开，没有账户。要让同事用，请用 kbxt desk --lan 本机地址 打开。",
        "The desk is open on this machine only. For colleagues, open it with kbxt desk --lan ADDRESS.",
    ),
    "role": Words("角色", "Role"),
    "role_look": Words("只看，号码都遮住", "looks; numbers are masked"),
    "role_work": Words("收表、核实、发信、下载", "takes in, decides, mails, downloads"),
    "role_manage": Words("另可改名册、设置、表格和账户", "also edits roster, settings, forms and accounts"),
    "may_not": Words(
        "您的账户没有办这件事的角色，什么也没有改动：请找管理工作台的同事。",
        "Your account's role is not enough for this, and nothing was changed: ask whoever manages the desk.",
    ),
    "download_role": Words(
        "您的角色是“查看”，不能下载：这些文件里有完整的证件号码。要用，请找有“办理”角色的同事。",
        "Your role is “look” and may not download: these files hold whole numbers. Ask a colleague who may.",
    ),
    "no_accounts": Words("还没有账户。", "There are no accounts."),
    "remove": Words("删去", "Remove"),
}
