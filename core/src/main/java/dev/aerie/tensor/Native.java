package dev.aerie.tensor;

import dev.aerie.AerieException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;

/// Calls into libtorch with errors in our words: the operation, the operands' shapes and the first line of what
/// libtorch said (the rest is a C++ stack).
final class Native {

    private Native() {}

    static Tensor call(String operation, Supplier<org.bytedeco.pytorch.Tensor> body, Tensor... operands) {
        return new Tensor(value(operation, body, operands));
    }

    static <T> T value(String operation, Supplier<T> body, Tensor... operands) {
        try {
            return body.get();
        } catch (AerieException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new AerieException(describe(operation, e, operands), e);
        }
    }

    /// The same where nothing comes back.
    static void run(String operation, Runnable body, Tensor... operands) {
        value(
                operation,
                () -> {
                    body.run();
                    return true;
                },
                operands);
    }

    /// Calls an operator that the Java binding lacks (names that start with `_`) through the dispatcher.
    static Tensor dispatch(String operator, String overload, List<IValue> arguments, Tensor... operands) {
        return call(
                operator,
                () -> new org.bytedeco.pytorch.Tensor(
                        stack(operator, overload, arguments).get(0).toTensor()),
                operands);
    }

    /// The same for an operator that returns nothing.
    static void runOperator(String operator, String overload, List<IValue> arguments, Tensor... operands) {
        run(operator, () -> stack(operator, overload, arguments), operands);
    }

    private static IValueVector stack(String operator, String overload, List<IValue> arguments) {
        var stack = new IValueVector();
        arguments.forEach(stack::push_back);
        var dispatcher = Dispatcher.singleton();
        dispatcher.callBoxed(dispatcher.findSchemaOrThrow("aten::" + operator, overload), stack);
        return stack;
    }

    private static String describe(String operation, RuntimeException e, Tensor... operands) {
        var shapes = new ArrayList<String>();
        for (var operand : operands) {
            shapes.add(operand.describe());
        }
        var message = String.valueOf(e.getMessage());
        var end = message.indexOf('\n');
        return "cannot compute " + operation + " of " + String.join(", ", shapes) + ": "
                + (end < 0 ? message : message.substring(0, end));
    }
}
