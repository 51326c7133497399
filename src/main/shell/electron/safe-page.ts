/** Shown when the page keeps crashing: plain text without scripts, so that it cannot be what crashes. */
export const safePath = '/safe'

export const safePage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Watchfloor: the screen stopped</title>
<main>
<h1>The screen stopped three times in five minutes</h1>
<p>Alerts are still being received and kept. Only this window is affected.</p>
<p><a href="/">Open the screen again</a></p>
<p>If it stops again, restart Watchfloor and send the log file to whoever looks after it.</p>
<hr>
<div lang="vi">
<h1>Màn hình đã dừng ba lần trong năm phút</h1>
<p>Cảnh báo vẫn được nhận và lưu. Chỉ cửa sổ này bị ảnh hưởng.</p>
<p><a href="/">Mở lại màn hình</a></p>
<p>Nếu còn dừng, hãy khởi động lại Watchfloor và gửi tệp nhật ký cho người phụ trách.</p>
</div>
</main>
</html>
`
