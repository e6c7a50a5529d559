package dev.aerie.cli;

import java.nio.file.Path;
import java.util.function.Supplier;

/// Runs something with a folder of shipped models.
final class Shipped {

    private Shipped() {}

    static <T> T in(Path models, Supplier<T> action) {
        System.setProperty(ShippedModels.PROPERTY, models.toString());
        try {
            return action.get();
        } finally {
            System.clearProperty(ShippedModels.PROPERTY);
        }
    }
}
