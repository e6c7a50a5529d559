/// The assembled model: [dev.aerie.eagle.Eagle] opens a checkpoint, [dev.aerie.eagle.Session] holds a conversation.
@NullMarked
package dev.aerie.eagle;

import org.jspecify.annotations.NullMarked;
