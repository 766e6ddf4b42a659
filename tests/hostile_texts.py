"""Texts and outputs that a learner could hand in to make a reader's browser do something."""

ELSEWHERE = "elsewhere.example"
MARK = "window.struck = true"
MARKDOWN = (
    f"[click](javascript:{MARK})",
    f'[data](data:text/html,<script>{MARK}</script>) ![remote](https://{ELSEWHERE}/a.png "t")',
    f"$\\href{{javascript:{MARK}}}{{x}}$ and $\\\\href{{a}}href{{javascript:{MARK}}}{{y}}$",
    f"$\\hr<!-- -->ef{{javascript:{MARK}}}{{z}}$ \\&#104;ref{{javascript:{MARK}}}{{w}}",
    f'<img src="https://{ELSEWHERE}/b.png" onerror="{MARK}">\n<script>{MARK}</script>',
    f'<svg onload="{MARK}"><image href="https://{ELSEWHERE}/c.png"/></svg>',
    f'<a href="&#106;avascript:{MARK}">coded</a> <a href=" java\nscript:{MARK}">split</a>',
    f'<div style="background: url(https://{ELSEWHERE}/d.png)">styled</div>',
    f'<link rel="stylesheet" href="https://{ELSEWHERE}/e.css"><base href="https://{ELSEWHERE}/">',
    f'<iframe src="https://{ELSEWHERE}/f"></iframe><object data="https://{ELSEWHERE}/g"></object>',
    f"<form action='https://{ELSEWHERE}/h'><button autofocus onfocus='{MARK}'>send</button></form>",
    f"[ref]\n\n[ref]: javascript:{MARK}\n\n<javascript:{MARK}>",
    f"<pre>\n\n[late](javascript:{MARK})\n\n</pre>",
    f'<math><mtext href="javascript:{MARK}">m</mtext></math><input autofocus onfocus="{MARK}">',
    f'<meta http-equiv="refresh" content="0;url=https://{ELSEWHERE}/i">',
    f"``` <script>{MARK}</script>\n</code></pre><script>{MARK}</script>\n```",
)
OUTPUTS = (
    *(f"from IPython.display import HTML, display\ndisplay(HTML({text!r}))" for text in MARKDOWN),
    *(f"from IPython.display import Markdown\nMarkdown({text!r})" for text in MARKDOWN),
    f"from IPython.display import SVG\n"
    f'SVG(\'<svg xmlns="http://www.w3.org/2000/svg"><script>{MARK}</script>'
    f'<image href="https://{ELSEWHERE}/j.png"/></svg>\')',
    f"from IPython.display import Latex\nLatex(r'$\\href{{javascript:{MARK}}}{{x}}$')",
    f"from IPython.display import Javascript\nJavascript({MARK!r})",
)
