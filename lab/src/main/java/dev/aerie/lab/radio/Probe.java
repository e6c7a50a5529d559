package dev.aerie.lab.radio;

import dev.aerie.lab.pretrain.DenseTask;
import dev.aerie.lab.pretrain.Detection;
import dev.aerie.lab.pretrain.Eye;
import dev.aerie.lab.pretrain.Segmentation;
import dev.aerie.lab.pretrain.Spotting;
import dev.aerie.lab.pretrain.Task;
import dev.aerie.lab.world.Drawing;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import java.util.List;

/// What can be read off features as they are: the dense tasks of the experts, each with its linear head and nothing
/// else, learn side by side.
final class Probe implements Task {

    private final List<DenseTask> tasks;

    /// @param eye is looked through once for each task of a batch, one after another
    Probe(Eye eye, ParameterSource heads) {
        tasks = List.of(
                new Detection(eye, heads.at("detection")),
                new Spotting(eye, heads.at("spotting")),
                new Segmentation(eye, heads.at("segmentation")));
    }

    List<DenseTask> tasks() {
        return tasks;
    }

    @Override
    public Tensor loss(List<Drawing> batch) {
        return tasks.stream().map(task -> task.loss(batch)).reduce(Tensor::plus).orElseThrow();
    }

    @Override
    public double score(List<Drawing> heldOut) {
        return tasks.stream().mapToDouble(task -> task.score(heldOut)).average().orElseThrow();
    }

    @Override
    public String measure() {
        return "mean of the scores";
    }
}
