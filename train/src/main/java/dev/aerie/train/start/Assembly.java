package dev.aerie.train.start;

import dev.aerie.nn.Beginning;
import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A model's parameters from several places: each route serves some names, the first that does; the rest is fresh.
///
/// @param rest serves the names of no route, and those that a route's origin may lack
public record Assembly(List<Route> routes, ParameterSource rest) implements ParameterSource {

    /// @param serves the names in the model
    /// @param cut    how much of their beginning the source does not know
    public record Route(Predicate<String> serves, int cut, ParameterSource source) {

        /// @param prefix of the names in the model, such as `model.vision_tower.vision_towers.0.vision_tower.`
        /// @param source is asked for the names without the prefix
        public Route(String prefix, ParameterSource source) {
            this(name -> name.startsWith(prefix), prefix.length(), source);
        }
    }

    public Assembly {
        routes = List.copyOf(routes);
    }

    private Optional<Route> route(String name) {
        return routes.stream().filter(route -> route.serves.test(name)).findFirst();
    }

    private static String below(Route route, String name) {
        return name.substring(route.cut);
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        return route(name)
                .map(route -> route.source.parameter(below(route, name), shape))
                .orElseGet(() -> rest.parameter(name, shape));
    }

    @Override
    public Tensor parameter(String name, Beginning beginning, long... shape) {
        return route(name)
                .map(route -> route.source.parameter(below(route, name), beginning, shape))
                .orElseGet(() -> rest.parameter(name, beginning, shape));
    }

    @Override
    public void unused(String name, long... shape) {
        route(name).ifPresent(route -> route.source.unused(below(route, name), shape));
    }

    @Override
    public void buffer(String name, long... shape) {
        route(name).ifPresent(route -> route.source.buffer(below(route, name), shape));
    }

    @Override
    public Optional<long[]> stored(String name) {
        return route(name).flatMap(route -> route.source.stored(below(route, name)));
    }

    @Override
    public boolean isStored() {
        return false;
    }

    @Override
    public boolean isStored(String prefix) {
        return route(prefix).map(route -> route.source.isStored()).orElse(false);
    }
}
