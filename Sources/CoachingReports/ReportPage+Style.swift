// SPDX-License-Identifier: Apache-2.0

extension ReportPage {
    /// How the page looks.
    static var style: String {
        """

        :root{\(variables(ReportPalette.light))}
        @media (prefers-color-scheme:dark){:root{\(variables(ReportPalette.dark))}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--back);color:var(--text);
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
        font-variant-numeric:tabular-nums}
        header,main{max-width:40rem;margin:0 auto;padding:0 1.25rem}
        header{padding-top:2.5rem;padding-bottom:.75rem}
        h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem;letter-spacing:-.01em}
        header p{margin:0;color:var(--muted)}
        section{background:var(--card);border:1px solid var(--rule);border-radius:10px;
        padding:1.25rem 1.5rem 1rem;margin:0 0 1.25rem}
        h2{font-size:1.125rem;margin:0 0 .75rem}
        dl{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:0 0 1rem}
        dl div{min-width:6rem}
        dt{color:var(--muted);font-size:.875rem}
        dd{margin:0;font-size:1.375rem;line-height:1.25;font-weight:600}
        figure{margin:0 0 1rem}
        figcaption{font-weight:600;font-size:.9375rem;margin-bottom:.5rem}
        svg{display:block;width:100%;height:auto;overflow:visible}
        svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
        fill:var(--muted);font-variant-numeric:tabular-nums}
        svg .v{fill:var(--text);font-weight:600}
        .a{stroke:var(--rule);stroke-width:1;fill:none}
        .l{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
        .key{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:.5rem 0 0;font-size:.875rem;
        color:var(--muted)}
        .key i{display:inline-block;width:.75rem;height:.75rem;border-radius:2px;margin-right:.4rem;
        -webkit-print-color-adjust:exact;print-color-adjust:exact}
        @media (min-width:40rem){svg text{font-size:10px}}
        \(columns)
        details{margin-top:.5rem;font-size:.875rem}
        summary{color:var(--muted);cursor:pointer}
        table{border-collapse:collapse;width:100%;margin:.5rem 0}
        th,td{text-align:left;padding:.25rem .5rem .25rem 0;border-bottom:1px solid var(--rule);
        font-weight:400;vertical-align:top}
        thead th{color:var(--muted)}
        .n{text-align:right;white-space:nowrap}
        ul{margin:0 0 .75rem;padding-left:1.1rem}
        .why{color:var(--muted);font-size:.875rem;margin:.25rem 0 .25rem}
        @media (max-width:30rem){section{padding:1rem 1rem .75rem}header,main{padding:0 .75rem}
        header{padding-top:1.5rem;padding-bottom:.75rem}}
        @media print{:root{\(variables(ReportPalette.light))--back:#ffffff}
        body{font-size:10.5pt}header,main{max-width:none;padding:0}svg{max-width:13cm}
        section{border:0;border-top:1px solid #bbbbbb;border-radius:0;padding:.75rem 0 0}
        figure,dl,tr,li{break-inside:avoid}h2,figcaption{break-after:avoid}
        details::details-content{content-visibility:visible;display:block}
        details:not([open])>*{display:block}summary{display:none}}

        """
    }

    private static func variables(_ theme: ReportPalette.Theme) -> String {
        let named = [
            ("back", theme.background), ("card", theme.card), ("text", theme.text),
            ("muted", theme.muted), ("rule", theme.rule),
        ]
        let numbered = theme.columns.enumerated().map { ("c\($0.offset)", $0.element) }
        return (named + numbered).map { "--\($0.0):\($0.1);" }.joined()
    }

    private static var columns: String {
        ReportPalette.light.columns.indices.map { index in
            ".f\(index){fill:var(--c\(index))}.l\(index){stroke:var(--c\(index))}"
                + ".k\(index){background:var(--c\(index))}"
        }
        .joined(separator: "\n")
    }
}
