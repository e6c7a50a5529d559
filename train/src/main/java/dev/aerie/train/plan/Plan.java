package dev.aerie.train.plan;

import dev.aerie.AerieException;
import dev.aerie.train.log.TerminalLog;
import dev.aerie.train.recipe.Pace;
import dev.aerie.train.recipe.Stage;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What one run of a stage takes on some hardware.
///
/// @param run         its name
/// @param stage       as planned
/// @param row         positions of a row
/// @param accumulated micro-batches that a device adds up in a step
/// @param memory      of one device
/// @param activationsKept       bytes of activations if all are kept, for a micro-batch
/// @param activationsRecomputed if blocks are computed again
/// @param steps       of the run; empty if it depends on data that was not counted
/// @param seconds     of one step; empty if no speed is known
/// @param measured    whether `seconds` was measured; else it is what large products alone would take
/// @param checkpoint  bytes of one checkpoint
/// @param export      bytes of the exported model
/// @param advice      changes that would make it fit into memory, the smallest first; empty if it does
public record Plan(
        String run,
        Stage stage,
        Hardware hardware,
        int row,
        int accumulated,
        List<PartPlan> parts,
        Memory memory,
        double activationsKept,
        double activationsRecomputed,
        OptionalLong steps,
        OptionalDouble seconds,
        boolean measured,
        double checkpoint,
        double export,
        List<String> advice) {

    private static final double SURE = 1.1;

    public Plan {
        parts = List.copyOf(parts);
        advice = List.copyOf(advice);
    }

    /// Plans a stage on a model.
    ///
    /// @param run its name, see [Stage.Run]
    /// @throws AerieException if a batch does not come out even on the devices
    public static Plan of(String run, Stage stage, ModelShape model, Hardware hardware, Workload workload) {
        var choices = Choices.of(stage, hardware.devices());
        if (!choices.divides()) {
            throw new AerieException("cannot plan " + run + " on " + hardware.name() + ": a batch of "
                    + choices.global() + " cannot be dealt to " + choices.devices() + " devices in micro-batches of "
                    + choices.micro() + "; set batch.global to a multiple of "
                    + (long) choices.micro() * choices.devices() + ", or batch.micro smaller");
        }
        int row = workload.row().orElse(stage.data().maxLength());
        var estimate = new Estimate(model, stage, choices, row);
        var memory = estimate.memory();
        double flops = stage.batch().global()
                * estimate.partList().stream().mapToDouble(PartPlan::flops).sum();
        var predicted = hardware.rate() > 0
                ? OptionalDouble.of(flops / hardware.rate() / hardware.devices())
                : OptionalDouble.empty();
        boolean fits = needed(memory, hardware.devices()) <= hardware.memory();
        return new Plan(
                run,
                stage,
                hardware,
                row,
                choices.accumulation(),
                estimate.partList(),
                memory,
                new Estimate(model, stage, choices.withoutRecompute(), row).activations(),
                new Estimate(model, stage, choices.withRecompute(), row).activations(),
                steps(stage, workload),
                workload.seconds().isPresent() ? workload.seconds() : predicted,
                workload.seconds().isPresent(),
                estimate.checkpoint(),
                estimate.export(),
                fits ? List.of() : new Advice(model, stage, hardware, row).list());
    }

    private static OptionalLong steps(Stage stage, Workload workload) {
        if (stage.pace().length() instanceof Pace.Length.Steps(var count)) {
            return OptionalLong.of(count);
        }
        return workload.samples().isPresent()
                ? OptionalLong.of(stage.pace()
                        .steps(Math.ceilDiv(
                                workload.samples().getAsLong(), stage.batch().global())))
                : OptionalLong.empty();
    }

    static double needed(Memory memory, int devices) {
        return devices > 1 ? memory.sharded() : memory.plain();
    }

    /// Bytes that one device needs: with several, optimiser and gradients are dealt out.
    public double needed() {
        return needed(memory, hardware.devices());
    }

    /// Whether memory and, where it is known, disk suffice.
    public boolean fits() {
        return fitsMemory() && fitsDisk();
    }

    boolean fitsMemory() {
        return needed() <= hardware.memory();
    }

    boolean fitsDisk() {
        return hardware.disk() == 0 || disk() <= hardware.disk();
    }

    /// Positions that a step computes, over all devices.
    public long tokensPerStep() {
        return (long) stage.batch().global() * row;
    }

    /// Operations of a step, over all devices.
    public double flopsPerStep() {
        return stage.batch().global()
                * parts.stream().mapToDouble(PartPlan::flops).sum();
    }

    /// Seconds of the whole run; empty if steps or speed are unknown.
    public OptionalDouble total() {
        return steps.isPresent() && seconds.isPresent()
                ? OptionalDouble.of(steps.getAsLong() * seconds.getAsDouble())
                : OptionalDouble.empty();
    }

    /// Checkpoints that are on the disk at once: those kept, and the one being written.
    public int checkpoints() {
        var judged = stage.validation().map(Stage.Validation::every).orElse(0);
        boolean best = stage.keep().best() && judged > 0;
        int kept = stage.keep().last() + (best ? 1 : 0) + 1;
        if (steps.isEmpty()) {
            return kept;
        }
        long made = 1 + steps.getAsLong() / Math.max(1, stage.keep().every()) + (best ? steps.getAsLong() / judged : 0);
        return (int) Math.min(kept, made);
    }

    /// Bytes on the disk at most: checkpoints and the exported model.
    public double disk() {
        return checkpoints() * checkpoint + export;
    }

    /// Bytes on the disk that stay when the run has ended.
    public double left() {
        return (checkpoints() - 1) * checkpoint + export;
    }

    /// @throws AerieException if it does not fit, with advice
    public Plan requireFits() {
        requireDisk(", without what the runs before it leave");
        if (!fitsMemory()) {
            throw new AerieException("cannot run " + run + " on " + hardware.name() + ": it takes "
                    + TerminalLog.bytes(needed()) + " of memory" + (hardware.devices() > 1 ? " on each device" : "")
                    + ", but there are " + TerminalLog.bytes(hardware.memory()) + "; "
                    + (advice.isEmpty()
                            ? "none of the known changes makes it fit"
                            : "what would fit: " + String.join("; ", advice)));
        }
        return this;
    }

    /// @throws AerieException if the disk is known to have less room than it takes
    public void requireDisk() {
        requireDisk("");
    }

    /// @param what is not among the free bytes
    private void requireDisk(String what) {
        if (!fitsDisk()) {
            throw new AerieException("cannot run " + run + " on " + hardware.name() + ": " + checkpoints()
                    + " checkpoints and the export take " + TerminalLog.bytes(disk()) + " of disk, but "
                    + TerminalLog.bytes(hardware.disk()) + " are free" + what
                    + "; free some" + (stage.keep().last() > 1 ? ", or set keep.last: 1" : ""));
        }
    }

    /// @throws AerieException if it needs clearly more memory than there is, with advice: plans are true within a
    ///     tenth
    public void requireRoom() {
        if (needed() > SURE * hardware.memory()) {
            requireFits();
        }
    }

    /// The plan as lines of text.
    public List<String> table() {
        return PlanText.lines(this);
    }

    /// The plan as one JSON object.
    public String json() {
        return PlanText.json(this);
    }
}
