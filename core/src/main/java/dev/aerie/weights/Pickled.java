package dev.aerie.weights;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a pickle builds besides the Java values `String`, `Long`, `BigInteger`, `Double`, `Boolean` and `byte[]`.
/// Containers are compared by identity, so that no depth of nesting makes a comparison recurse; they take memory
/// for their elements only once they have some.
sealed interface Pickled {

    /// Python's `None`.
    enum None implements Pickled {
        NONE
    }

    /// A `dict` or `OrderedDict`.
    final class Dict implements Pickled {
        private Map<Object, Object> entries = Map.of();

        void put(Object key, Object value) {
            if (entries.isEmpty()) {
                entries = new LinkedHashMap<>();
            }
            entries.put(key, value);
        }

        Map<Object, Object> entries() {
            return Collections.unmodifiableMap(entries);
        }
    }

    /// A list, tuple or set: `growing` tells whether elements may still be added.
    final class Sequence implements Pickled {
        private final boolean growing;
        private List<Object> items;

        private Sequence(boolean growing, List<Object> items) {
            this.growing = growing;
            this.items = items;
        }

        static Sequence growing() {
            return new Sequence(true, List.of());
        }

        static Sequence fixed(List<Object> items) {
            return new Sequence(false, items);
        }

        boolean isGrowing() {
            return growing;
        }

        void addAll(List<Object> more) {
            if (items.isEmpty()) {
                items = new ArrayList<>(more.size());
            }
            items.addAll(more);
        }

        List<Object> items() {
            return Collections.unmodifiableList(items);
        }
    }
}
