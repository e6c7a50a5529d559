package dev.aerie.evaluate.report;

import dev.aerie.AerieException;
import dev.aerie.evaluate.benchmark.Benchmark;
import dev.aerie.evaluate.benchmark.Scored;
import dev.aerie.train.report.Html;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// Samples with their pictures, to be filtered by benchmark, by right or wrong, and by words.
final class Gallery {

    private final StringBuilder articles = new StringBuilder();
    private final List<String> benchmarks = new ArrayList<>();

    /// Adds the samples whose pictures were kept.
    void add(Benchmark benchmark, List<Scored> lines, Path pictures) {
        var kept = Thumbnails.in(pictures);
        var name = benchmark.card().name();
        benchmarks.add(name);
        lines.stream()
                .filter(line -> line.asked() && kept.has(line.record()))
                .sorted(Comparator.comparingLong(Scored::record))
                .forEach(line -> articles.append(article(name, line, kept)));
    }

    private static String article(String benchmark, Scored line, Thumbnails pictures) {
        var kind = line.score() >= 1 ? "right" : line.score() > 0 ? "partly" : "wrong";
        var html = new StringBuilder("<article data-benchmark=\"%s\" data-kind=\"%s\">".formatted(benchmark, kind));
        html.append(pictures.html(line.record()));
        var mark = kind.equals("right") ? "✓ " : kind.equals("wrong") ? "✗ " : "≈ ";
        var part = line.category().isEmpty() ? "" : ", " + line.category();
        var terms = new Terms()
                .add(benchmark + " " + line.id() + part, "", line.prompt())
                .add("answer", kind.equals("partly") ? "" : kind, mark + line.answer());
        if (!line.parsed().equals(line.answer())) {
            terms.add("read as", "", line.parsed());
        }
        terms.add("truth", "", line.truthText());
        terms.add(
                "score",
                "",
                "%s, confidence %s %%%s"
                        .formatted(
                                Double.toString(Math.round(100 * line.score()) / 100.0),
                                EvalReport.number(100 * line.confidence()),
                                line.note().isEmpty() ? "" : ", " + line.note()));
        return html.append(terms.html()).append("</article>\n").toString();
    }

    String html() {
        if (articles.isEmpty()) {
            return "";
        }
        var html = new StringBuilder("<form class=\"filter\"><label>benchmark <select name=\"benchmark\">"
                + "<option value=\"\">all</option>");
        benchmarks.forEach(
                name -> html.append("<option>").append(Html.text(name)).append("</option>"));
        html.append("""
                </select></label>
                <label>answers <select name="kind"><option value="">all</option><option>right</option>\
                <option>partly</option><option>wrong</option></select></label>
                <label>words <input name="words" type="search"></label>
                <output aria-live="polite"></output></form>
                <div class="samples">
                """);
        return html.append(articles)
                .append("</div>\n<script>\n")
                .append(script())
                .append("</script>\n")
                .toString();
    }

    private static String script() {
        try (var in = Objects.requireNonNull(Gallery.class.getResourceAsStream("gallery.js"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AerieException("cannot read the gallery's script (" + e + ")", e);
        }
    }
}
