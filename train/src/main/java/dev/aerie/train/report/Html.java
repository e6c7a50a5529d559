package dev.aerie.train.report;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Pages that need nothing but a browser, and text as it may stand in one.
public final class Html {

    private Html() {}

    /// A page with the reports' style.
    ///
    /// @param scripts whether scripts in the page run; nothing is ever loaded
    public static String page(String title, boolean scripts, String body) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
                style-src 'unsafe-inline'%s">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <h1>%s</h1>
                """.formatted(scripts ? "; script-src 'unsafe-inline'" : "", text(title), style(), text(title))
                + body + "</body>\n</html>\n";
    }

    private static String style() {
        try (var stream = Objects.requireNonNull(Html.class.getResourceAsStream("report.css"))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AerieException("cannot read the report's style (" + e + ")", e);
        }
    }

    /// Escapes what has a meaning in HTML, and shows control characters other than line ends as `?`.
    public static String text(String foreign) {
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
    public static String row(String heading, String... cells) {
        var row = new StringBuilder("<tr><th scope=\"row\">")
                .append(text(heading))
                .append("</th>");
        for (var cell : cells) {
            row.append("<td>").append(text(cell)).append("</td>");
        }
        return row.append("</tr>\n").toString();
    }

    public static String section(String title, String body) {
        return body.isEmpty() ? "" : "<h3>" + text(title) + "</h3>\n" + body;
    }
}
