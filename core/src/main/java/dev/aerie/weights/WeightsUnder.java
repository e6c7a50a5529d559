package dev.aerie.weights;

import java.util.List;
import java.util.Optional;

/// A section of other weights; `prefix` ends with a dot.
record WeightsUnder(Weights all, String prefix) implements Weights {

    @Override
    public List<String> names() {
        return all.names().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
    }

    @Override
    public Optional<StoredTensor> find(String name) {
        return all.find(prefix + name).map(found -> found.named(name));
    }

    @Override
    public Optional<TensorHeader> header(String name) {
        return all.header(prefix + name)
                .map(found -> new TensorHeader(name, found.dtype(), found.shape(), found.file()));
    }
}
