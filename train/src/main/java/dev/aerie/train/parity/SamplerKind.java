package dev.aerie.train.parity;

import dev.aerie.parity.GoldenFile;
import dev.aerie.parity.Kind;
import dev.aerie.parity.Measure;
import dev.aerie.parity.Outcome;
import dev.aerie.train.data.Sampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The order of samples that the reference's sampler gives for lengths and a seed.
public final class SamplerKind implements Kind {

    @Override
    public String name() {
        return "sampler";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var outcomes = new ArrayList<Outcome>();
        for (var each : file.json().path("cases")) {
            var lengths = ints(each.path("lengths"));
            var batch = each.path("batch_size").intValue();
            var world = each.path("world_size").intValue();
            var seed = each.path("seed").longValue();
            var label = "%d samples, batch %d, world %d, seed %d".formatted(lengths.length, batch, world, seed);
            var order = new Sampler.Grouped(lengths, batch, world).order(seed);
            var measure = Measure.exact("indices", Arrays.toString(ints(each.path("indices"))), Arrays.toString(order));
            outcomes.add(new Outcome(name(), label, List.of(measure)));
        }
        return outcomes;
    }

    private static int[] ints(JsonNode list) {
        return list.valueStream().mapToInt(JsonNode::intValue).toArray();
    }
}
