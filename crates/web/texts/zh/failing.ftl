# When a page cannot be shown: what to do next, and what was typed
fail-back = 回到刚才那一页
fail-track = 查这个办件的进度
fail-search = 您要办什么？
fail-search-go = 搜索
fail-typed = 您刚才写的内容还在这里
fail-typed-hint = 可以复制下来，回到刚才那一页再填；也可以从这里再发一次。
fail-typed-copy = 可以复制下来，回到刚才那一页再填。
fail-again = 再发一次
fail-written = 第 { $place } 处
error-enough = 次数太多，请过一会儿再试
error-crowded = 暂时不接收新的申请和文件
error-wait-next = 过了这段时间再试就可以；已经保存的内容都还在。
error-method = 这个网址不能这样打开
error-method-next = 请从本站的页面进入。
