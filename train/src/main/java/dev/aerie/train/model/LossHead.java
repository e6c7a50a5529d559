package dev.aerie.train.model;

import dev.aerie.language.Llama;
import dev.aerie.tensor.Functional;
import dev.aerie.tensor.Tensor;
import dev.aerie.tensor.TensorScope;

/// The output layer and cross-entropy over a few positions at a time, so that the scores of all positions over
/// the whole vocabulary never exist together. Each chunk's gradient is taken before the next is computed.
///
/// @param chunk positions at a time
record LossHead(Llama language, int chunk) {

    /// Adds the gradients of `share · mean loss` of hidden states `[N, C]` to whatever led to them.
    TrainingModel.Loss learn(Tensor hidden, TrainingModel.Targets targets, double share) {
        var leaf = hidden.detach();
        if (hidden.requiresGradient()) {
            leaf.requireGradient();
        }
        double sum = 0;
        for (int from = 0; from < targets.count(); from += chunk) {
            try (var _ = TensorScope.open()) {
                var loss = sum(leaf, targets, from);
                if (loss.requiresGradient()) {
                    loss.times(share / targets.count()).backward();
                }
                sum += loss.item();
            }
        }
        leaf.gradient().ifPresent(hidden::backward);
        return new TrainingModel.Loss(sum, targets.count());
    }

    Judgement judge(Batch batch, Tensor hidden, TrainingModel.Targets targets) {
        double sum = 0;
        var likeliest = new long[targets.count()];
        for (int from = 0; from < targets.count(); from += chunk) {
            try (var _ = TensorScope.open()) {
                int n = Math.min(chunk, targets.count() - from);
                var scores = language.logits(hidden.narrow(0, from, n)); // [n, V]
                sum += Functional.crossEntropySum(scores, targets.labels().narrow(0, from, n))
                        .item();
                System.arraycopy(scores.argmax(1).toLongs(), 0, likeliest, from, n);
            }
        }
        return Judgement.of(batch, sum, likeliest);
    }

    private Tensor sum(Tensor hidden, TrainingModel.Targets targets, int from) {
        int n = Math.min(chunk, targets.count() - from);
        var scores = language.logits(hidden.narrow(0, from, n)); // [n, V]
        return Functional.crossEntropySum(scores, targets.labels().narrow(0, from, n));
    }
}
