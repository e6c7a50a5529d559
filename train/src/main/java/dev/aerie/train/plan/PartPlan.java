package dev.aerie.train.plan;

/// A part of the model in a stage.
///
/// @param name      an expert's name in the tower string, `vision`, `projector` or `language`
/// @param learned   parameters that learn, adapters among them
/// @param frozen    parameters that are used and do not
/// @param unused    parameters that checkpoints hold and the forward pass does not use
/// @param rate      the highest learning rate in it
/// @param passed    whether gradients pass through it: it learns, or something before it does
/// @param forward   operations of one sample's forward pass
/// @param backward  of its backward pass
/// @param recompute of computing its blocks again
public record PartPlan(
        String name,
        long learned,
        long frozen,
        long unused,
        double rate,
        boolean passed,
        double forward,
        double backward,
        double recompute) {

    public boolean learns() {
        return learned > 0;
    }

    public double flops() {
        return forward + backward + recompute;
    }
}
