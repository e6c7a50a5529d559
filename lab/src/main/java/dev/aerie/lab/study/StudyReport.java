package dev.aerie.lab.study;

import dev.aerie.files.AtomicFile;
import dev.aerie.train.report.Html;
import dev.aerie.vision.Experts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The results of studies as one page that needs nothing but a browser: for each study its table, a plot with
/// intervals, cost against quality, and the paper's figures beside ours; at the end every work with its settings and
/// its curve.
public final class StudyReport {

    private static final String HEAD = """
            <p class="note">Every cell is a small model, trained on an easy setting of the drawn world and asked about pictures
            that no training has seen. The average is the mean of the families' shares of right answers, in percent.
            Intervals are of 95 %: pictures are drawn with replacement, and seeds where there are several; with three seeds
            they are rough, with one they say nothing of another training. A seed changes which pictures the stages from
            pre-alignment on learn from, and the weights that a fresh projector begins with; the experts and the decoder before
            it sees are the same for all, as published ones are. TFLOP are those of a recipe's stages as planned; experts' own
            tasks and learning to say pages are counted in the seconds only.
            None of this says that the paper's figures would come out the same at full size: it says which of its findings
            show in a model of this size.</p>
            """;

    private final Map<String, Results.Entry> works;
    private final Map<Results.Form, List<Row>> studies = new LinkedHashMap<>();

    private StudyReport(Results results) {
        works = results.works();
        results.forms().forEach(form -> studies.put(form, rows(results.cells(form))));
    }

    /// @param folder that [StudyRun] wrote its results to
    /// @return a line for each finding of the paper and what our cells say of it
    public static List<String> write(Path folder, Path file) {
        var report = new StudyReport(new Results(folder));
        var findings = report.findings();
        AtomicFile.write(file, report.html(findings));
        return findings.stream().map(Findings.Told::line).toList();
    }

    static String html(Path folder) {
        var report = new StudyReport(new Results(folder));
        return report.html(report.findings());
    }

    private String html(List<Findings.Told> findings) {
        var page = new StringBuilder(HEAD).append("<nav>\n");
        page.append("<a href=\"#findings\">Findings</a>\n");
        for (var form : studies.keySet()) {
            page.append("<a href=\"#%s\">%s</a>\n".formatted(form.folder(), Html.text(title(form.plan()))));
        }
        page.append("<a href=\"#works\">Works</a>\n</nav>\n");
        page.append(Findings.html(findings));
        studies.forEach((form, rows) -> page.append(study(form, rows)));
        return Html.page(
                "The design space in miniature", false, page.append(list()).toString());
    }

    private List<Findings.Told> findings() {
        var told = new ArrayList<Findings.Told>();
        studies.forEach((form, rows) -> {
            var scores = known(form.plan(), rows).stream().collect(Collectors.toMap(Row::name, Row::scores));
            told.addAll(Findings.of(title(form.plan()), form.plan(), scores));
        });
        return told;
    }

    /// The cells, and of a search the best of each round under names of their own.
    private static List<Row> known(StudyPlan plan, List<Row> rows) {
        return Stream.concat(rows.stream(), Rounds.best(plan, rows).stream()).toList();
    }

    private static String title(StudyPlan plan) {
        double share = plan.budget() * plan.own();
        return plan.title() + (share == 1 ? "" : String.format(Locale.ROOT, ", %.2g of the steps", share));
    }

    /// A cell with all of its seeds.
    ///
    /// @param lines      one for each seed
    /// @param seconds    of computing, the mean over the seeds, with all that is shared
    /// @param parameters of the model
    /// @param flops      of the first seed's stages
    record Row(String name, List<Results.Line> lines, Scores scores, double seconds, long parameters, double flops) {

        Row named(String other) {
            return new Row(other, lines, scores, seconds, parameters, flops);
        }
    }

    private List<Row> rows(List<Results.Line> cells) {
        var groups = new LinkedHashMap<String, List<Results.Line>>();
        for (var line : cells) {
            if (works.containsKey(line.score()) && works.containsKey(line.model())) {
                groups.computeIfAbsent(line.name(), _ -> new ArrayList<>()).add(line);
            }
        }
        var rows = new ArrayList<Row>();
        groups.forEach((name, lines) -> {
            var seeds = new TreeMap<Integer, Made>();
            lines.forEach(line -> seeds.put(line.seed(), made(line.score())));
            var model = made(lines.getFirst().model());
            rows.add(new Row(name, lines, Scores.of(seeds), seconds(lines), model.parameters(), flops(lines)));
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

    private String study(Results.Form form, List<Row> rows) {
        var plan = form.plan();
        var section = new StringBuilder("<section id=\"%s\">\n<h2>%s <small>(%s)</small></h2>\n<p>%s</p>\n"
                .formatted(
                        form.folder(), Html.text(title(plan)), Html.text(plan.published()), Html.text(plan.about())));
        if (rows.isEmpty()) {
            return section.append("<p class=\"note\">No cell is done.</p>\n</section>\n")
                    .toString();
        }
        section.append(
                "<p class=\"note\">%d of %d cells are done%s; each is scored on %d pictures. Settings of all: %s.</p>\n"
                        .formatted(
                                rows.stream()
                                        .mapToInt(row -> row.lines().size())
                                        .sum(),
                                plan.count(),
                                rows.stream().anyMatch(row -> row.scores().isFew())
                                        ? ", some with fewer than three seeds: look, but do not conclude"
                                        : "",
                                rows.getFirst().scores().pictures(),
                                Html.text(plan.set().isEmpty() ? "the recipe's own" : String.join(", ", plan.set()))));
        section.append(plan.search().isEmpty() ? "" : """
                        <p class="note">A search chooses on the pictures that it is reported on: the score of a set that it kept
                        is biased upwards.</p>
                        """);
        section.append(CellTable.html(rows));
        section.append("<div class=\"charts\">\n").append(StudyPlots.intervals(rows));
        section.append(StudyPlots.cost(rows)).append("</div>\n");
        section.append(Html.section("Round by round", Rounds.html(Rounds.best(plan, rows))));
        section.append(Html.section("Beside the paper", PaperSide.html(plan, known(plan, rows))));
        section.append(Html.section("Pairs", pairs(plan, rows)));
        section.append(Html.section("Which expert a token listens to", listening(rows)));
        return section.append("</section>\n").toString();
    }

    static String percent(double share) {
        return rounded("%.1f", 100 * share);
    }

    static String rounded(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static String pairs(StudyPlan plan, List<Row> rows) {
        var text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            for (int k = i + 1; k < rows.size(); k++) {
                if (neighbours(plan, rows.get(i), rows.get(k))) {
                    text.append(pair(rows.get(i), rows.get(k)));
                }
            }
        }
        return text.isEmpty() ? "" : """
                        <p class="note">Cells that differ in one thing (in a search: by one expert more), over the same pictures
                        and the seeds that both have: the second less the first, with the interval of the difference, and how
                        often so large a difference of these trainings would come by chance (signs of the pictures' differences
                        flipped at random). Many pairs are looked at: of twenty that do not differ, one will look as if it did.</p>
                        <details><summary>All pairs</summary><div class="wide"><table>
                        <tr><th></th><th scope="col">seeds</th><th scope="col">difference</th><th scope="col">interval</th>
                        <th scope="col">p</th></tr>
                        """ + text + "</table></div></details>\n";
    }

    /// Whether all values but one are the same; of a search, whether the second has one expert more.
    private static boolean neighbours(StudyPlan plan, Row one, Row other) {
        if (!plan.search().isEmpty()) {
            var fewer = Experts.parse(one.lines().getFirst().towers());
            var more = Experts.parse(other.lines().getFirst().towers());
            return more.size() == fewer.size() + 1 && more.containsAll(fewer);
        }
        var a = one.lines().getFirst().place();
        var b = other.lines().getFirst().place();
        return a.keySet().equals(b.keySet())
                && a.keySet().stream()
                                .filter(axis -> !Objects.equals(a.get(axis), b.get(axis)))
                                .count()
                        == 1;
    }

    private static String pair(Row one, Row other) {
        return other.scores()
                .difference(one.scores())
                .map(found -> Html.row(
                        one.name() + " → " + other.name(),
                        Integer.toString(found.seeds()),
                        rounded("%+.1f", 100 * found.value()),
                        rounded("%+.1f", 100 * found.interval().low()) + " – "
                                + rounded("%+.1f", 100 * found.interval().high()),
                        rounded("%.3f", found.p())))
                .orElse("");
    }

    /// Of the mixtures with the most experts that tell, the best.
    private String listening(List<Row> rows) {
        return rows.stream()
                .filter(row -> !told(row).isEmpty())
                .max(Comparator.<Row>comparingInt(row -> told(row).size())
                        .thenComparingDouble(row -> row.scores().average()))
                .map(row -> """
                        <p class="note">Of the cell %s, seed %d: the best of those here with the most experts. The projector's
                        first layer is a sum over the experts; shown is each one's share in what makes a token differ from the
                        mean token: the darker, the more. A picture of each kind.</p>
                        """.formatted(
                                Html.text(row.name()), row.lines().getFirst().seed())
                        + HeatMaps.html(told(row)))
                .orElse("");
    }

    /// What the first seed tells.
    private List<Listening.Map> told(Row row) {
        return made(row.lines().getFirst().score()).listening();
    }

    /// Every work once.
    private String list() {
        var list = new StringBuilder("<section id=\"works\">\n<h2>Works</h2>\n<p class=\"note\">What cells are made of."
                + " Each is named by a hash over its settings and its inputs, and was made once.</p>\n");
        for (var entry : works.values()) {
            var made = entry.made();
            var learned = !made.loss().isEmpty();
            list.append("<details id=\"%s\"><summary>%s <small>%s, %s s%s</small></summary>\n"
                    .formatted(
                            entry.key(),
                            Html.text(made.title()),
                            entry.key(),
                            rounded("%.0f", made.seconds()),
                            learned
                                    ? rounded(
                                            ", loss %.3f", made.loss().getLast().value())
                                    : ""));
            list.append(learned ? StudyPlots.curve(made) : "");
            if (!entry.inputs().isEmpty()) {
                list.append("<p class=\"note\">from ");
                entry.inputs().forEach(input -> list.append("<a href=\"#%s\">%s</a> ".formatted(input, input)));
                list.append("</p>");
            }
            list.append("<table>\n");
            made.scores().forEach((name, value) -> list.append(Html.row(name, percent(value))));
            list.append("</table><pre>").append(Html.text(entry.settings())).append("</pre></details>\n");
        }
        return list.append("</section>\n").toString();
    }
}
