package dev.aerie.evaluate.report;

import dev.aerie.evaluate.benchmark.Benchmarks;
import dev.aerie.evaluate.benchmark.Scored;
import dev.aerie.evaluate.run.EvalFolder;
import dev.aerie.train.report.Html;
import java.util.List;
import java.util.Locale;

/// Comparisons of two runs as a page: the figures, and every record whose score changed.
public final class ComparisonPage {

    private static final int MOST = 500;

    private ComparisonPage() {}

    /// With the pictures that the first run kept.
    public static String html(EvalFolder one, EvalFolder other, List<Comparison> comparisons) {
        var first = one.root().toString();
        var second = other.root().toString();
        var body = new StringBuilder("<section>\n<div class=\"wide\"><table>\n<tr><th></th>");
        for (var heading : List.of(first, second, "difference", "95 % interval", "better", "worse", "p")) {
            body.append("<th scope=\"col\">").append(Html.text(heading)).append("</th>");
        }
        body.append("</tr>\n");
        comparisons.forEach(each -> body.append(Html.row(
                each.title() + ", " + each.figure(),
                EvalReport.number(each.first()),
                EvalReport.number(each.second()),
                signed(each.second() - each.first()),
                signed(each.interval().low()) + " to " + signed(each.interval().high()),
                EvalReport.count(each.better()),
                EvalReport.count(each.worse()),
                probability(each.p()))));
        body.append(
                "</table></div>\n<p class=\"note\">Paired: the same records, pictures drawn with replacement; p is of"
                        + " McNemar's exact test on the pictures (of MMBench, questions) whose score changed.</p>\n");
        comparisons.forEach(each ->
                body.append(Html.section(each.title(), flipped(first, second, each, pictures(one, each)))));
        return Html.page(
                first + " and " + second, false, body.append("</section>\n").toString());
    }

    private static Thumbnails pictures(EvalFolder run, Comparison comparison) {
        return Thumbnails.in(run.pictures(Benchmarks.named(comparison.benchmark())));
    }

    private static String flipped(String first, String second, Comparison comparison, Thumbnails pictures) {
        if (comparison.flipped().isEmpty()) {
            return "<p class=\"note\">No score changed.</p>\n";
        }
        var html = new StringBuilder("<p class=\"note\">Records that changed: %s%s.</p>\n<div class=\"samples\">\n"
                .formatted(
                        EvalReport.count(comparison.flipped().size()),
                        comparison.flipped().size() > MOST ? "; the first " + MOST + " are shown" : ""));
        comparison.flipped().stream().limit(MOST).forEach(pair -> {
            var one = pair.first();
            var other = pair.second();
            var terms = new Terms()
                    .add(one.id(), "", one.prompt())
                    .add(first, style(one, other), one.answer())
                    .add(second, style(other, one), other.answer())
                    .add("truth", "", one.truthText());
            html.append("<article>")
                    .append(pictures.html(one.record()))
                    .append(terms.html())
                    .append("</article>\n");
        });
        return html.append("</div>\n").toString();
    }

    private static String style(Scored scored, Scored other) {
        return scored.score() > other.score() ? "right" : "wrong";
    }

    /// With its sign.
    public static String signed(double value) {
        return (value > 0 ? "+" : "") + EvalReport.number(value);
    }

    /// Three places, or that it is smaller.
    public static String probability(double p) {
        return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
    }
}
