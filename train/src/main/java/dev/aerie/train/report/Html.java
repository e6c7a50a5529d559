package dev.aerie.train.report;

/// Text as it may stand in a page.
final class Html {

    private Html() {}

    /// Escapes what has a meaning in HTML, and shows control characters other than line ends as `?`.
    static String text(String foreign) {
        var safe = new StringBuilder(foreign.length() + 16);
        for (int i = 0; i < foreign.length(); i++) {
            char c = foreign.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                case '\n', '\t' -> safe.append(c);
                default -> safe.append(Character.isISOControl(c) ? '?' : c);
            }
        }
        return safe.toString();
    }

    /// A row of a table: the first cell is its heading.
    static String row(String heading, String... cells) {
        var row = new StringBuilder("<tr><th scope=\"row\">")
                .append(text(heading))
                .append("</th>");
        for (var cell : cells) {
            row.append("<td>").append(text(cell)).append("</td>");
        }
        return row.append("</tr>\n").toString();
    }

    static String section(String title, String body) {
        return body.isEmpty() ? "" : "<h3>" + text(title) + "</h3>\n" + body;
    }
}
