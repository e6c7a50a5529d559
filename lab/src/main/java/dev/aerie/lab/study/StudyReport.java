package dev.aerie.lab.study;

import dev.aerie.files.AtomicFile;
import dev.aerie.train.report.Html;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// The results of studies as one page that needs nothing but a browser: for each study its table, a plot with
/// intervals, cost against quality, and the paper's figures beside ours; at the end every work with its settings and
/// its curve.
public final class StudyReport {

    private static final String HEAD = """
            <p class="note">Every cell is a small model, trained on an easy setting of the drawn world and asked about pictures
            that no training has seen. The average is the mean of the families' shares of right answers, in percent.
            Intervals are of 95 %: pictures are drawn with replacement, and seeds where there are several; with three seeds
            they are rough, with one they say nothing of another training. What the seeds change is the order of the pictures
            and the fresh projector; the experts and the decoder before it sees are the same for all, as published ones are.
            None of this says that the paper's figures would come out the same at full size: it says which of its findings
            show in a model of this size.</p>
            """;

    private final Map<String, Results.Entry> works;
    private final Results results;

    private StudyReport(Results results) {
        this.results = results;
        works = results.works();
    }

    /// @param folder that [StudyRun] wrote its results to
    public static void write(Path folder, Path file) {
        AtomicFile.write(file, html(folder));
    }

    static String html(Path folder) {
        var report = new StudyReport(new Results(folder));
        var page = new StringBuilder(HEAD).append("<nav>\n");
        var plans = report.results.plans();
        for (var plan : plans) {
            page.append("<a href=\"#%s\">%s</a>\n".formatted(plan.name(), Html.text(plan.title())));
        }
        page.append("<a href=\"#works\">Works</a>\n</nav>\n");
        plans.forEach(plan -> page.append(report.study(plan)));
        return Html.page(
                "The design space in miniature",
                false,
                page.append(report.list()).toString());
    }

    /// A cell with all of its seeds.
    ///
    /// @param lines  one for each seed
    /// @param shared of the cell: the first seed's works
    record Row(String name, List<Results.Line> lines, Scores scores, double seconds, long parameters, double flops) {}

    private List<Row> rows(StudyPlan plan) {
        var groups = new LinkedHashMap<String, List<Results.Line>>();
        for (var line : results.cells(plan)) {
            if (works.containsKey(line.score())) {
                groups.computeIfAbsent(line.name(), _ -> new ArrayList<>()).add(line);
            }
        }
        var rows = new ArrayList<Row>();
        groups.forEach((name, lines) -> {
            var scores =
                    Scores.of(lines.stream().map(line -> made(line.score())).toList());
            var model =
                    made(lines.getFirst().works().get(lines.getFirst().works().size() - 2));
            rows.add(new Row(name, lines, scores, seconds(lines), model.parameters(), flops(lines)));
        });
        return rows;
    }

    private Made made(String key) {
        return Objects.requireNonNull(works.get(key), key).made();
    }

    /// Of a seed: all it took, shared works included.
    private double seconds(List<Results.Line> lines) {
        return lines.stream()
                .mapToDouble(line -> line.works().stream()
                        .filter(works::containsKey)
                        .mapToDouble(key -> made(key).seconds())
                        .sum())
                .average()
                .orElse(0);
    }

    private double flops(List<Results.Line> lines) {
        return lines.getFirst().works().stream()
                .filter(works::containsKey)
                .mapToDouble(key -> made(key).flops())
                .sum();
    }

    private String study(StudyPlan plan) {
        var rows = rows(plan);
        var section = new StringBuilder("<section id=\"%s\">\n<h2>%s <small>(%s)</small></h2>\n<p>%s</p>\n"
                .formatted(plan.name(), Html.text(plan.title()), Html.text(plan.published()), Html.text(plan.about())));
        if (rows.isEmpty()) {
            return section.append("<p class=\"note\">No cell is done.</p>\n</section>\n")
                    .toString();
        }
        section.append("<p class=\"note\">%d of %d cells are done%s; each is scored on %d pictures.</p>\n"
                .formatted(
                        rows.stream().mapToInt(row -> row.lines().size()).sum(),
                        new Study(plan).count(),
                        plan.seeds() < 3 ? ", with fewer than three seeds: look, but do not conclude" : "",
                        rows.getFirst().scores().pictures()));
        section.append(table(plan, rows));
        section.append("<div class=\"charts\">\n").append(StudyPlots.intervals(rows));
        section.append(StudyPlots.cost(rows)).append("</div>\n");
        section.append(Html.section("Beside the paper", PaperSide.html(plan, rows)));
        section.append(Html.section("Pairs", pairs(rows)));
        section.append(Html.section("Which expert a token listens to", listening(rows)));
        return section.append("</section>\n").toString();
    }

    private String table(StudyPlan plan, List<Row> rows) {
        var table = new StringBuilder("<div class=\"wide\"><table>\n<tr><th></th>");
        for (var head : List.of("average", "interval", "seeds")) {
            table.append("<th scope=\"col\">").append(head).append("</th>");
        }
        rows.getFirst()
                .scores()
                .families()
                .forEach(family -> table.append("<th scope=\"col\">")
                        .append(Html.text(family))
                        .append("</th>"));
        for (var head : List.of("parameters", "seconds", "TFLOP", "works")) {
            table.append("<th scope=\"col\">").append(head).append("</th>");
        }
        table.append("</tr>\n");
        for (var row : rows) {
            var scores = row.scores();
            var interval = scores.interval();
            table.append("<tr><th scope=\"row\">").append(Html.text(row.name())).append("</th>");
            cell(table, percent(scores.average()));
            cell(table, percent(interval.low()) + " – " + percent(interval.high()));
            cell(
                    table,
                    String.join(
                            " ",
                            scores.bySeed().stream().map(StudyReport::percent).toList()));
            for (int f = 0; f < scores.families().size(); f++) {
                cell(table, percent(scores.family(f)));
            }
            cell(table, "%.2f M".formatted(row.parameters() / 1e6));
            cell(table, "%.0f".formatted(row.seconds()));
            cell(table, "%.0f".formatted(row.flops() / 1e12));
            table.append("<td>");
            for (var line : row.lines()) {
                table.append("<a href=\"#%s\">%d</a> "
                        .formatted(line.works().get(line.works().size() - 2), line.seed()));
            }
            table.append("</td></tr>\n");
        }
        return table.append("</table></div>\n").toString();
    }

    private static void cell(StringBuilder table, String text) {
        table.append("<td>").append(Html.text(text)).append("</td>");
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    private static String pairs(List<Row> rows) {
        var text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            for (int k = i + 1; k < rows.size(); k++) {
                if (neighbours(rows.get(i), rows.get(k))) {
                    text.append(pair(rows.get(i), rows.get(k)));
                }
            }
        }
        return text.isEmpty() ? "" : """
                        <p class="note">Cells that differ in one thing, over the same pictures: the second less the first, with
                        the interval of the difference, and how often so large a difference of these trainings would come by
                        chance (signs of the pictures' differences flipped at random). Many pairs are looked at: of twenty that
                        do not differ, one will look as if it did.</p>
                        <details><summary>All pairs</summary><div class="wide"><table>
                        <tr><th></th><th scope="col">difference</th><th scope="col">interval</th><th scope="col">p</th></tr>
                        """ + text + "</table></div></details>\n";
    }

    /// Whether all values but one are the same.
    private static boolean neighbours(Row one, Row other) {
        var a = one.lines().getFirst().place();
        var b = other.lines().getFirst().place();
        return a.keySet().equals(b.keySet())
                && a.keySet().stream()
                                .filter(axis -> !Objects.equals(a.get(axis), b.get(axis)))
                                .count()
                        == 1;
    }

    private static String pair(Row one, Row other) {
        if (!one.scores().sameQuestions(other.scores())) {
            return "";
        }
        var interval = other.scores().lessThan(one.scores());
        return Html.row(
                one.name() + " → " + other.name(),
                "%+.1f".formatted(100 * (other.scores().average() - one.scores().average())),
                "%+.1f – %+.1f".formatted(100 * interval.low(), 100 * interval.high()),
                "%.3f".formatted(other.scores().p(one.scores())));
    }

    /// Of the mixture with the most experts that tells.
    private String listening(List<Row> rows) {
        var told = rows.stream()
                .map(row -> made(row.lines().getFirst().score()))
                .max(Comparator.comparingInt(made -> made.listening().size()))
                .map(Made::listening)
                .orElse(List.of());
        return told.isEmpty() ? "" : """
                        <p class="note">Of the mixture with the most experts here. The projector's first layer is a sum over the
                        experts; shown is each one's share in what makes a token differ from the mean token: the darker, the
                        more. A picture of each kind.</p>
                        """ + HeatMaps.html(told);
    }

    /// Every work once.
    private String list() {
        var list = new StringBuilder("<section id=\"works\">\n<h2>Works</h2>\n<p class=\"note\">What cells are made of."
                + " Each is named by a hash over its settings and its inputs, and was made once.</p>\n");
        for (var entry : works.values()) {
            var made = entry.made();
            if (made.loss().isEmpty()) {
                continue;
            }
            list.append("<details id=\"%s\"><summary>%s <small>%s, %.0f s, loss %s</small></summary>\n"
                    .formatted(
                            entry.key(),
                            Html.text(made.title()),
                            entry.key(),
                            made.seconds(),
                            String.format(
                                    Locale.ROOT, "%.3f", made.loss().getLast().value())));
            list.append(StudyPlots.curve(made));
            list.append("<p class=\"note\">from ");
            entry.inputs().forEach(input -> list.append("<a href=\"#%s\">%s</a> ".formatted(input, input)));
            list.append("</p><table>\n");
            made.scores().forEach((name, value) -> list.append(Html.row(name, percent(value))));
            list.append("</table><pre>").append(Html.text(entry.settings())).append("</pre></details>\n");
        }
        return list.append("</section>\n").toString();
    }
}
