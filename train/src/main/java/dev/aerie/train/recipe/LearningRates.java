package dev.aerie.train.recipe;

import dev.aerie.AerieException;
import dev.aerie.eagle.PartCount;
import dev.aerie.files.Glob;
import dev.aerie.vision.Experts;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/// The peak rate of every parameter of a model.
///
/// A key of [Stage#learn] is a part — `experts`, `projector`, `language`, or one expert by its name in
/// the tower string — or else a [Glob] over parameter names. The last key that matches a name gives its
/// rate. The weights of linear layers that low-rank adapters change are frozen whatever the keys say.
/// Where each expert has a run of its own, the names are those of that run's model, in which it is
/// number 0.
///
/// @param byName rates in the order of the names; 0 = frozen
public record LearningRates(Map<String, Double> byName) {

    private static final String EXPERTS = "experts";

    public LearningRates {
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }

    /// The rates of a stage for the parameters of these names.
    ///
    /// @param towers the model's tower string, which gives names to the experts
    /// @param layers those that are weights of linear layers
    /// @throws AerieException if a key matches no name, a name no key, a target of `lora` no linear
    ///     layer, or nothing would learn
    public static LearningRates of(Stage stage, String towers, Collection<String> names, Set<String> layers) {
        var rates = new LinkedHashMap<String, Double>();
        for (var name : names) {
            var rate = last(stage.learn(), name, towers);
            if (rate.isEmpty()) {
                throw new AerieException("cannot tell what rate " + name + " has in the stage " + stage.name()
                        + ": no key of 'learn' matches it ("
                        + String.join(", ", stage.learn().keySet())
                        + "); add one, or '*' for all others before them");
            }
            boolean adapted = layers.contains(name)
                    && stage.lora().filter(lora -> lora.adapts(name)).isPresent();
            rates.put(name, adapted ? 0 : rate.getAsDouble());
        }
        requireMatches(stage, towers, names);
        requireTargets(stage, layers);
        var made = new LearningRates(rates);
        if (made.learned().isEmpty() && stage.lora().isEmpty()) {
            throw new AerieException("nothing would learn in the stage " + stage.name()
                    + ": all rates of 'learn' are 0; expected one above 0, or lora");
        }
        return made;
    }

    private static OptionalDouble last(Map<String, Double> learn, String name, String towers) {
        var found = OptionalDouble.empty();
        for (var entry : learn.entrySet()) {
            if (matches(entry.getKey(), name, towers)) {
                found = OptionalDouble.of(entry.getValue());
            }
        }
        return found;
    }

    private static boolean matches(String key, String name, String towers) {
        var part = PartCount.part(name, towers);
        return switch (key) {
            case "projector", "language" -> part.equals(key);
            case EXPERTS -> !part.equals("projector") && !part.equals("language");
            default -> isExpert(key) ? part.equals(key) : new Glob(key).matches(name);
        };
    }

    private static boolean isExpert(String key) {
        return Arrays.stream(Experts.values()).anyMatch(expert -> expert.tower().equals(key));
    }

    private static void requireMatches(Stage stage, String towers, Collection<String> names) {
        for (var key : stage.learn().keySet()) {
            boolean other = stage.eachExpert() && isExpert(key); // it has a run of its own
            if (!other && names.stream().noneMatch(name -> matches(key, name, towers))) {
                throw new AerieException(nothing(stage, "the key '" + key + "' of 'learn'", names));
            }
        }
    }

    private static void requireTargets(Stage stage, Set<String> layers) {
        for (var target : stage.lora().map(Stage.Lora::targets).orElse(List.of())) {
            var alone = new Stage.Lora(1, 1, List.of(target), 1);
            if (layers.stream().noneMatch(alone::adapts)) {
                throw new AerieException("the target '" + target + "' of 'lora' matches no linear layer in the stage "
                        + stage.name() + ": expected a pattern over names like "
                        + layers.stream()
                                .min(Comparator.naturalOrder())
                                .map(name -> name.substring(0, name.length() - ".weight".length()))
                                .orElse("(the model has no linear layers)"));
            }
        }
    }

    private static String nothing(Stage stage, String what, Collection<String> names) {
        return what + " matches nothing in the stage " + stage.name()
                + ": expected a part (experts, projector, language, an expert's name) or a pattern over names like "
                + names.stream().findFirst().orElse("(the model has no parameters)");
    }

    /// @throws AerieException if the model has no parameter of this name
    public double rate(String name) {
        var rate = byName.get(name);
        if (rate == null) {
            throw new AerieException("there is no parameter " + name + " to give a learning rate");
        }
        return rate;
    }

    public boolean isFrozen(String name) {
        return rate(name) == 0;
    }

    /// The names of the parameters that learn, in order. Adapters are not among them.
    public List<String> learned() {
        return byName.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(Map.Entry::getKey)
                .toList();
    }
}
