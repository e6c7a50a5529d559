package dev.aerie.train.start;

import dev.aerie.nn.ParameterSource;
import dev.aerie.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// A model's parameters from several places: each route serves the names below a prefix, the rest is fresh.
///
/// @param rest serves the names of no route, and those that a route's origin may lack
public record Assembly(List<Route> routes, ParameterSource rest) implements ParameterSource {

    /// @param prefix of the names in the model, such as `model.vision_tower.vision_towers.0.vision_tower.`
    /// @param source is asked for the names without the prefix
    public record Route(String prefix, ParameterSource source) {}

    public Assembly {
        routes = List.copyOf(routes);
    }

    private Optional<Route> route(String name) {
        return routes.stream().filter(route -> name.startsWith(route.prefix)).findFirst();
    }

    private static String below(Route route, String name) {
        return name.substring(route.prefix.length());
    }

    @Override
    public Tensor parameter(String name, long... shape) {
        return route(name)
                .map(route -> route.source.parameter(below(route, name), shape))
                .orElseGet(() -> rest.parameter(name, shape));
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
