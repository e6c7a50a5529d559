package dev.aerie.evaluate.report;

import dev.aerie.train.report.Html;

/// What a page says of a sample: names and values, long ones cut.
final class Terms {

    private static final int LONGEST = 600;

    private final StringBuilder html = new StringBuilder("<dl>");

    /// @param style class of the value; may be empty
    Terms add(String name, String style, String value) {
        var shown = value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "…";
        html.append("<dt>")
                .append(Html.text(name))
                .append("</dt><dd class=\"")
                .append(style)
                .append("\">")
                .append(Html.text(shown))
                .append("</dd>");
        return this;
    }

    String html() {
        return html + "</dl>";
    }
}
