package dev.aerie.train.parity;

import dev.aerie.parity.GoldenFile;
import dev.aerie.parity.Kind;
import dev.aerie.parity.Measure;
import dev.aerie.parity.Outcome;
import dev.aerie.train.recipe.Pace;
import dev.aerie.train.recipe.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The reference's learning rates: cosine to 0 behind a linear warm-up. `values` are the rates of
/// all steps in order, or of some under their numbers.
public final class SchedulesKind implements Kind {

    /// Relative to the peak: both sides compute in double precision.
    private static final double TOLERANCE = 1e-12;

    @Override
    public String name() {
        return "schedules";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var outcomes = new ArrayList<Outcome>();
        for (var item : file.json().required("cases")) {
            var name = file.path().getFileName() + " " + item.required("steps").asLong() + " steps, warm-up "
                    + item.required("warmup_ratio").asDouble();
            outcomes.add(new Outcome(name(), name, measures(item)));
        }
        return outcomes;
    }

    private static List<Measure> measures(JsonNode item) {
        double rate = item.required("lr").asDouble();
        var pace = new Pace(
                Schedule.Kind.COSINE,
                new Pace.Warmup.Ratio(item.required("warmup_ratio").asDouble()),
                0,
                new Pace.Length.Steps(item.required("steps").asLong()));
        var schedule = pace.schedule(0);
        var values = values(item.required("values"));
        double worst = 0;
        for (var value : values.entrySet()) {
            worst = Math.max(worst, Math.abs(rate * schedule.factor(value.getKey()) - value.getValue()) / rate);
        }
        return List.of(
                Measure.exact("warmup_steps", item.required("warmup_steps").asLong(), schedule.warmup()),
                values.isEmpty() ? Measure.failed("values", "there are none") : Measure.of("values", worst, TOLERANCE));
    }

    private static Map<Long, Double> values(JsonNode node) {
        var values = new TreeMap<Long, Double>();
        if (node.isObject()) {
            node.properties()
                    .forEach(value -> values.put(
                            Long.parseLong(value.getKey()), value.getValue().asDouble()));
        } else {
            node.forEach(value -> values.put((long) values.size(), value.asDouble()));
        }
        return values;
    }
}
