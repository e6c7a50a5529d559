package dev.aerie.lab.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A cell of a study: a mixture under some settings, with one seed.
///
/// @param place  its value on each axis
/// @param towers the experts
/// @param set    settings of the recipe
/// @param seed   from 1 on
/// @param work   its score, and by that all it takes
record Cell(Map<String, String> place, String towers, List<String> set, int seed, Work work) {

    Cell {
        place = Collections.unmodifiableMap(new LinkedHashMap<>(place));
        set = List.copyOf(set);
    }

    /// Between the values in a name.
    static final String COMMA = ", ";

    /// The values of all axes: the same for all seeds.
    String name() {
        return name(place);
    }

    static String name(Map<String, String> place) {
        return String.join(COMMA, new ArrayList<>(place.values()));
    }
}
