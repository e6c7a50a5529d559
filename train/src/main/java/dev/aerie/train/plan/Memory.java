package dev.aerie.train.plan;

import java.util.List;

/// Memory of one device by kind, in bytes.
///
/// With several devices, *plain* is data parallelism with everything on each; *sharded* deals master weights, moments
/// and gradients out among them (ZeRO-2).
public record Memory(List<Item> items) {

    /// @param kind    what takes it
    /// @param plain   where nothing is dealt out
    /// @param sharded where optimiser and gradients are
    public record Item(String kind, double plain, double sharded) {}

    public Memory {
        items = List.copyOf(items);
    }

    public double plain() {
        return items.stream().mapToDouble(Item::plain).sum();
    }

    public double sharded() {
        return items.stream().mapToDouble(Item::sharded).sum();
    }

    /// Bytes of a kind, plain; 0 if there is none.
    public double of(String kind) {
        return items.stream()
                .filter(item -> item.kind().equals(kind))
                .mapToDouble(Item::plain)
                .sum();
    }
}
