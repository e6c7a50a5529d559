package dev.aerie.evaluate.data;

/// Finds pictures by name.
interface PictureFinder extends AutoCloseable {

    EncodedPicture find(String name);

    @Override
    default void close() {}
}
