package dev.aerie.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChartTest {

    private static Chart.Curve curve(double... values) {
        return new Chart.Curve(
                "c",
                IntStream.range(0, values.length)
                        .mapToObj(i -> new Chart.Point(i + 1, values[i]))
                        .toList());
    }

    @Test
    void drawsEveryPointOfAShortCurve() {
        var html = new Chart("Loss", List.of(curve(1, 2, 3))).html();
        assertThat(html).containsOnlyOnce("class=\"curve1\" d=\"M").doesNotContain("band1");
        assertThat(html.split("<circle", -1)).hasSize(4);
        assertThat(html).contains("<title>step 3: 3</title>", "<b>3</b>");
    }

    @Test
    void drawsLongCurvesAsMeansOverABand() {
        var values = IntStream.range(0, 100_000).mapToDouble(i -> i % 2).toArray();
        var html = new Chart("Loss", List.of(curve(values))).html();
        assertThat(html).contains("class=\"band1\"").hasSizeLessThan(30_000);
        assertThat(html.split("class=\"curve1\" d=\"")[1].split("\"")[0].split("L"))
                .hasSize(240);
    }

    @Test
    void leavesOutWhatIsNoNumberAndDrawsNothingOfNothing() {
        assertThat(new Chart("Loss", List.of(curve(1, Double.NaN, Double.POSITIVE_INFINITY, 2))).html())
                .doesNotContain("NaN")
                .doesNotContain("nfinity");
        assertThat(new Chart("Loss", List.of(curve(Double.NaN))).html()).isEmpty();
    }

    @Test
    void constantAndSingleValuesHaveAPlace() {
        for (var curve : List.of(curve(5), curve(0), curve(0, 0, 0), curve(-2, -2))) {
            assertThat(new Chart("t", List.of(curve)).html())
                    .contains("class=\"curve1\"")
                    .doesNotContain("NaN")
                    .doesNotContain("nfinity");
        }
    }

    @Test
    void twoCurvesHaveALegend() {
        var html = new Chart(
                        "Loss",
                        List.of(
                                curve(1, 2),
                                new Chart.Curve("held out", curve(3, 4).points())))
                .html();
        assertThat(html).contains("key1\">c <b>2</b>", "key2\">held out <b>4</b>", "class=\"curve2\"");
    }
}
