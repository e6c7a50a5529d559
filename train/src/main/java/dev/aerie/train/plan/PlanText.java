package dev.aerie.train.plan;

import dev.aerie.train.log.TerminalLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// Says a plan as text and as JSON.
final class PlanText {

    private static final String ROW = "%-26s %15s %15s %10s %9s %9s %9s";

    private PlanText() {}

    static List<String> lines(Plan plan) {
        var lines = new ArrayList<String>();
        lines.add("stage %s on %s".formatted(plan.run(), plan.hardware().name()));
        lines.add("");
        lines.add(
                String.format(Locale.ROOT, ROW, "part", "learning", "frozen", "rate", "forward", "backward", "again"));
        plan.parts().forEach(part -> lines.add(row(part)));
        lines.add(row(total(plan)));
        long unused = plan.parts().stream().mapToLong(PartPlan::unused).sum();
        if (unused > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "(%,d more parameters lie in checkpoints unused; operations in TFLOP for one sample)",
                    unused));
        } else {
            lines.add("(operations in TFLOP for one sample)");
        }
        lines.add("");
        memory(plan, lines);
        lines.add("");
        work(plan, lines);
        lines.add("");
        verdict(plan, lines);
        return lines;
    }

    private static String row(PartPlan part) {
        return String.format(
                Locale.ROOT,
                ROW,
                part.name(),
                String.format(Locale.ROOT, "%,d", part.learned()),
                String.format(Locale.ROOT, "%,d", part.frozen()),
                part.learns() && part.rate() > 0 ? String.format(Locale.ROOT, "%.1e", part.rate()) : "",
                tera(part.forward()),
                tera(part.backward()),
                tera(part.recompute()));
    }

    private static PartPlan total(Plan plan) {
        return plan.parts().stream()
                .reduce(
                        new PartPlan("all", 0, 0, 0, 0, false, 0, 0, 0),
                        (one, other) -> new PartPlan(
                                one.name(),
                                one.learned() + other.learned(),
                                one.frozen() + other.frozen(),
                                one.unused() + other.unused(),
                                0,
                                false,
                                one.forward() + other.forward(),
                                one.backward() + other.backward(),
                                one.recompute() + other.recompute()));
    }

    private static String tera(double flops) {
        return flops == 0 ? "" : String.format(Locale.ROOT, "%.2f", flops / 1e12);
    }

    private static void memory(Plan plan, List<String> lines) {
        boolean several = plan.hardware().devices() > 1;
        var format = several ? "%-26s %12s %12s" : "%-26s %12s";
        lines.add(
                several
                        ? format.formatted("memory of each device", "all on each", "dealt out")
                        : format.formatted("memory", "bytes"));
        for (var item : plan.memory().items()) {
            lines.add(
                    format.formatted(item.kind(), TerminalLog.bytes(item.plain()), TerminalLog.bytes(item.sharded())));
        }
        lines.add(format.formatted(
                "all",
                TerminalLog.bytes(plan.memory().plain()),
                TerminalLog.bytes(plan.memory().sharded())));
        lines.add("activations of a micro-batch of %d: %s if all are kept, %s if blocks are computed again%s"
                .formatted(
                        plan.stage().batch().micro(),
                        TerminalLog.bytes(plan.activationsKept()),
                        TerminalLog.bytes(plan.activationsRecomputed()),
                        plan.stage().recompute() ? " (as here)" : ""));
    }

    private static void work(Plan plan, List<String> lines) {
        var batch = plan.stage().batch();
        lines.add(String.format(
                Locale.ROOT,
                "a step            %,d samples (%d %s x %d x %d accumulated), %,d tokens of rows of %,d, %.1f TFLOP",
                batch.global(),
                plan.hardware().devices(),
                plan.hardware().devices() == 1 ? "device" : "devices",
                batch.micro(),
                plan.accumulated(),
                plan.tokensPerStep(),
                plan.row(),
                plan.flopsPerStep() / 1e12));
        lines.add("steps             "
                + (plan.steps().isPresent()
                        ? String.format(Locale.ROOT, "%,d", plan.steps().getAsLong())
                        : "unknown until the data is counted"));
        if (plan.seconds().isPresent()) {
            lines.add("time              "
                    + (plan.measured() ? "" : "at least ")
                    + TerminalLog.duration(plan.seconds().getAsDouble()) + " a step"
                    + (plan.total().isPresent()
                            ? ", " + TerminalLog.duration(plan.total().getAsDouble()) + " in all"
                            : "")
                    + (plan.measured() ? " (measured)" : " (at the rate of large products)"));
        } else {
            lines.add("time              unknown until a step is measured");
        }
        lines.add("disk              %s: %d checkpoints of %s, export %s"
                .formatted(
                        TerminalLog.bytes(plan.disk()),
                        plan.checkpoints(),
                        TerminalLog.bytes(plan.checkpoint()),
                        TerminalLog.bytes(plan.export())));
    }

    private static void verdict(Plan plan, List<String> lines) {
        var needed = TerminalLog.bytes(plan.needed());
        var there = TerminalLog.bytes(plan.hardware().memory());
        if (plan.fits()) {
            lines.add("fits: " + needed + " of " + there);
            return;
        }
        if (!plan.fitsDisk()) {
            lines.add("does not fit: " + TerminalLog.bytes(plan.disk()) + " of disk needed, "
                    + TerminalLog.bytes(plan.hardware().disk()) + " free; keep.last: 1 takes the least");
        }
        if (plan.fitsMemory()) {
            return;
        }
        lines.add("does not fit: " + needed + " needed, " + there + " there");
        plan.advice().forEach(advice -> lines.add("  would fit: " + advice));
        if (plan.advice().isEmpty()) {
            lines.add("  none of the known changes makes it fit");
        }
    }

    /// An item of memory as JSON shows it.
    private record Bytes(long plain, long sharded) {}

    static String json(Plan plan) {
        var json = new LinkedHashMap<String, Object>();
        json.put("run", plan.run());
        json.put("hardware", plan.hardware());
        json.put("parts", plan.parts());
        var memory = new LinkedHashMap<String, Object>();
        plan.memory()
                .items()
                .forEach(item ->
                        memory.put(item.kind(), new Bytes(Math.round(item.plain()), Math.round(item.sharded()))));
        json.put("memory", memory);
        json.put("needed", Math.round(plan.needed()));
        json.put("fits", plan.fits());
        json.put("advice", plan.advice());
        json.put("activations_kept", Math.round(plan.activationsKept()));
        json.put("activations_recomputed", Math.round(plan.activationsRecomputed()));
        json.put("row", plan.row());
        json.put("global", plan.stage().batch().global());
        json.put("micro", plan.stage().batch().micro());
        json.put("accumulated", plan.accumulated());
        json.put("tokens_per_step", plan.tokensPerStep());
        json.put("flops_per_step", plan.flopsPerStep());
        plan.steps().ifPresent(steps -> json.put("steps", steps));
        plan.seconds().ifPresent(seconds -> json.put("seconds_per_step", seconds));
        plan.total().ifPresent(seconds -> json.put("seconds", seconds));
        json.put("measured", plan.measured());
        json.put("checkpoint_bytes", Math.round(plan.checkpoint()));
        json.put("checkpoints", plan.checkpoints());
        json.put("export_bytes", Math.round(plan.export()));
        json.put("disk_bytes", Math.round(plan.disk()));
        return JsonMapper.shared().writeValueAsString(json);
    }
}
