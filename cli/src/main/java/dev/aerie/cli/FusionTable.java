package dev.aerie.cli;

import dev.aerie.eagle.EagleConfig;
import dev.aerie.fusion.Fusions;
import dev.aerie.tensor.DType;
import dev.aerie.train.plan.FusionCost;
import dev.aerie.train.run.FusionBench;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/// What ways to join the experts of a published model take, each beside channel concatenation, which is measured first:
/// its rate from pixels to tokens, and the decoder's pace, make seconds of what is planned.
///
/// @param runs of which the fastest counts
/// @param json whether to print an object for each instead of a table
record FusionTable(EagleConfig config, DType dtype, int runs, boolean json) {

    private static final int LAYERS = 12;
    private static final int WORDS = 76;

    void print(List<String> names, PrintWriter out) {
        var methods = methods(names);
        var bench = new FusionBench(config, dtype, LAYERS, WORDS, runs);
        var plain = bench.planned(Fusions.CHANNEL_CONCAT);
        var pace = bench.pace();
        FusionBench.Measured base = null;
        if (!json) {
            out.printf(
                    Locale.ROOT,
                    "%-22s %6s %11s %7s %8s %8s %8s %8s %8s %8s %11s%n",
                    "fusion",
                    "tokens",
                    "parameters",
                    "TFLOP",
                    "encode s",
                    "prompt s",
                    "together",
                    "planned",
                    "of it",
                    "to plain",
                    "peak so far");
        }
        for (var method : methods) {
            var cost = bench.planned(method);
            var measured = bench.measure(method);
            base = base == null ? measured : base;
            print(method, cost, measured, cost.seconds(plain, base.encode(), pace), base, out);
            out.flush();
        }
    }

    /// Channel concatenation comes first.
    private static Set<Fusions> methods(List<String> names) {
        var methods = new LinkedHashSet<>(List.of(Fusions.CHANNEL_CONCAT));
        if (names.equals(List.of("all"))) {
            methods.addAll(Arrays.asList(Fusions.values()));
        } else {
            names.forEach(name -> methods.add(Fusions.named(name)));
        }
        return methods;
    }

    private void print(
            Fusions method,
            FusionCost cost,
            FusionBench.Measured measured,
            double planned,
            FusionBench.Measured base,
            PrintWriter out) {
        if (json) {
            var object = new LinkedHashMap<String, Object>();
            object.put("fusion", method.label());
            object.put("tokens", cost.tokens());
            object.put("parameters", cost.parameters());
            object.put("encode_flops", cost.encode());
            object.put("prefill_flops", cost.prefill());
            object.put("attention_flops", cost.attention());
            object.put("encode_s", measured.encode());
            object.put("prefill_s", measured.prefill());
            object.put("planned_s", planned);
            object.put("to_channel_concat", measured.seconds() / base.seconds());
            object.put("peak_resident_bytes", measured.peak());
            out.println(JsonMapper.shared().writeValueAsString(object));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%-22s %6d %10.1fM %7.1f %8.2f %8.2f %8.2f %8.2f %8.2f %8.2f %7.1f GiB%n",
                method.label(),
                cost.tokens(),
                cost.parameters() / 1e6,
                (cost.encode() + cost.prefill()) / 1e12,
                measured.encode(),
                measured.prefill(),
                measured.seconds(),
                planned,
                measured.seconds() / planned,
                measured.seconds() / base.seconds(),
                measured.peak() / (double) (1 << 30));
    }
}
