# Files on their way
file-send-all = Upload the chosen files
file-sending = Uploading “{ $name }” ({ $size })
file-sent = “{ $name }” is uploaded
file-net = You are offline. The file is still on this page and goes up when you are back online.
file-again = Upload again
file-failed = Not uploaded. The file is still on this page; please upload it again.
file-too-large = “{ $name }” has { $size }, more than the { $limit } allowed. Make it smaller and upload it again. Your other files and answers are still here.
file-kind = “{ $name }” cannot be taken: only PDF, JPG, PNG, WebP, HEIC, Word, Excel and text, and the content has to be what the name says. Choose another file; everything else is still here.
file-empty = “{ $name }” is empty. Choose another file; everything else is still here.
file-other = “{ $name }” was not taken: { $reason }
file-sending-all = Uploading { $size }. Please keep this page open.
draft-offline = You are offline. What you typed is still on this page and will be saved when you are back online.
draft-elsewhere = This part was just changed on another device, so this page is not saved yet. Press “Save and continue” to see both.
conflict-title = This part was just changed on another device
conflict-hint = The boxes below hold what you typed on this page; it is not saved yet. Change what you need and press “Save and continue” again to save this page's version.
conflict-there = On the other device: { $value }
conflict-blank = (blank)
due-done-on = done on { $day }
due-decided-on = decided on { $day }
due-done-early = { $days ->
    [one] one working day sooner than promised
   *[other] { $days } working days sooner than promised
}
due-done-after = promised for { $day }
case-due-paused = The clock stands still; the day by which all is done will be worked out again when it runs on.
case-due-after-correction = The day by which all is done will be worked out again once you have supplied the correction.
number-keep-here = Keep a picture or a print. You left no telephone: on another device the number with the receipt’s code opens everything; or ask at a window with the number.
search-none-elsewhere = For what is not done here, such as passports, identity cards, marriage, pensions or income support:
search-none-here = What can be done here
