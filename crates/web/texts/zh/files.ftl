# Files on their way
file-send-all = 上传选好的文件
file-sending = 正在上传“{ $name }”（{ $size }）
file-sent = “{ $name }”已上传
file-net = 网断了，文件还在这一页；网通了会自己再传。
file-again = 再传一次
file-failed = 没有传上。文件还在这一页，请再传一次。
file-too-large = “{ $name }”有 { $size }，超过了 { $limit } 的上限。请压缩或拍小一些后再传；别的文件和已填的内容都还在。
file-kind = “{ $name }”不是可以收的文件：只收 PDF、JPG、PNG、WebP、HEIC、Word、Excel 和文本，而且内容要和文件名一致。请换一个文件；别的都还在。
file-empty = “{ $name }”是空文件。请换一个文件；别的都还在。
file-other = “{ $name }”没有收下：{ $reason }
file-sending-all = 正在上传，共 { $size }。请不要关闭这一页。
draft-offline = 网断了，内容还在这一页。网通了会自己保存。
draft-elsewhere = 这一部分刚在另一台设备上改过，这一页还没有保存。点“保存并继续”就能看到两边的内容。
conflict-title = 这一部分刚在另一台设备上改过
conflict-hint = 下面框里是您在这一页填的，还没有保存。改好后再点一次“保存并继续”，就按这一页的保存。
conflict-there = 另一台设备上填的是：{ $value }
conflict-blank = （空）
