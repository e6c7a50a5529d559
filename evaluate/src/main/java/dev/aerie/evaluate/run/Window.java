package dev.aerie.evaluate.run;

import dev.aerie.evaluate.data.EncodedPicture;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/// The plan of a window of records: batches of questions, those about one picture side by side, and
/// else of like length. It depends on the records alone, so that a run that goes on makes the same
/// batches again.
final class Window {

    private Window() {}

    static List<List<Item>> batches(List<Item> items, int size, Disturbance disturbance) {
        var groups = new LinkedHashMap<String, List<Item>>();
        var shown = disturbance.kind() == Disturbance.Kind.SHUFFLED ? shuffled(items) : items;
        shown.forEach(item -> groups.computeIfAbsent(item.pictureKey(), _ -> new ArrayList<>())
                .add(item));
        var ordered = new ArrayList<Item>();
        groups.values().stream()
                .sorted(Comparator.comparingInt(Window::longest))
                .forEach(group -> group.stream()
                        .sorted(Comparator.comparingInt(Window::length))
                        .forEach(ordered::add));
        var batches = new ArrayList<List<Item>>();
        for (int from = 0; from < ordered.size(); from += size) {
            batches.add(List.copyOf(ordered.subList(from, Math.min(ordered.size(), from + size))));
        }
        return batches;
    }

    private static int longest(List<Item> group) {
        return group.stream().mapToInt(Window::length).max().orElse(0);
    }

    private static int length(Item item) {
        return item.prompt().length();
    }

    /// Each picture takes the place of the one before it; in a window with one picture nothing changes.
    private static List<Item> shuffled(List<Item> items) {
        var pictures = new LinkedHashMap<String, EncodedPicture>();
        items.forEach(item -> item.pictures().forEach(picture -> pictures.putIfAbsent(picture.key(), picture)));
        var keys = List.copyOf(pictures.keySet());
        var next = new LinkedHashMap<String, EncodedPicture>();
        for (int i = 0; i < keys.size(); i++) {
            next.put(keys.get(i), pictures.get(keys.get((i + 1) % keys.size())));
        }
        return items.stream()
                .map(item -> item.with(item.pictures().stream()
                        .map(picture -> next.getOrDefault(picture.key(), picture))
                        .toList()))
                .toList();
    }
}
