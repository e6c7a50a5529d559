package dev.aerie.weights;

import static dev.aerie.weights.Opcode.*;

import dev.aerie.AerieException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A pickle machine that runs no code: it moves values between a stack and a memo, and whatever a pickle wants to
/// call goes to a [World], which knows a short list of names and refuses the rest.
///
/// The machine is a loop, so no nesting makes it recurse; a [Budget] bounds what it builds.
final class Unpickler {

    /// What a pickle can reach outside itself.
    interface World {

        /// The thing of this name, or an error that names it.
        Object global(String module, String name);

        /// What `callable`, a value that [#global] gave, makes of its arguments.
        Object call(Object callable, List<Object> arguments);

        /// The thing that the file keeps outside the pickle under this id.
        Object persistent(Object id);
    }

    private final PickleInput input;
    private final World world;
    private final Budget budget;
    private final List<Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Long, Object> memo = new HashMap<>();

    private Unpickler(PickleInput input, World world, Budget budget) {
        this.input = input;
        this.world = world;
        this.budget = budget;
    }

    /// Reads one pickle and leaves `input` behind it.
    static Object load(PickleInput input, World world, Budget budget) {
        var machine = new Unpickler(input, world, budget);
        var opcode = input.unsignedByte();
        while (opcode != STOP) {
            budget.read(input.consumed());
            try {
                machine.step(opcode);
            } catch (NumberFormatException e) {
                throw machine.malformed("a number that is none");
            } catch (IllegalArgumentException e) {
                throw machine.malformed(String.valueOf(e.getMessage()));
            }
            opcode = input.unsignedByte();
        }
        return machine.pop();
    }

    private void step(int opcode) {
        switch (opcode) {
            case PROTO -> protocol(input.unsignedByte());
            case FRAME -> input.announce(input.unsignedLong());

            case NONE -> push(Pickled.None.NONE);
            case NEWTRUE -> push(true);
            case NEWFALSE -> push(false);
            case BININT -> push((long) input.signedInt());
            case BININT1 -> push((long) input.unsignedByte());
            case BININT2 -> push((long) input.unsignedShort());
            case LONG1 -> push(input.integer(input.unsignedByte()));
            case LONG4 -> push(input.integer(input.signedInt()));
            case BINFLOAT -> push(input.bigEndianDouble());
            case INT -> push(PickleText.integer(input.line()));
            case LONG -> push(PickleText.longInteger(input.line()));
            case FLOAT -> push(PickleText.floating(input.line()));

            case BINUNICODE, BINSTRING -> push(input.utf8(input.unsignedInt()));
            case SHORT_BINUNICODE, SHORT_BINSTRING -> push(input.utf8(input.unsignedByte()));
            case BINUNICODE8 -> push(input.utf8(input.unsignedLong()));
            case STRING -> push(PickleText.quoted(input.line()));
            case UNICODE -> push(PickleText.raw(input.line()));
            case BINBYTES -> push(input.bytes(input.unsignedInt()));
            case SHORT_BINBYTES -> push(input.bytes(input.unsignedByte()));
            case BINBYTES8, BYTEARRAY8 -> push(input.bytes(input.unsignedLong()));

            case EMPTY_DICT -> push(new Pickled.Dict());
            case EMPTY_LIST, EMPTY_SET -> push(Pickled.Sequence.growing());
            case EMPTY_TUPLE -> push(Pickled.Sequence.fixed(List.of()));
            case TUPLE1 -> push(Pickled.Sequence.fixed(pop(1)));
            case TUPLE2 -> push(Pickled.Sequence.fixed(pop(2)));
            case TUPLE3 -> push(Pickled.Sequence.fixed(pop(3)));
            case TUPLE, FROZENSET -> push(Pickled.Sequence.fixed(popToMark()));
            case LIST -> push(added(Pickled.Sequence.growing(), popToMark()));
            case DICT -> push(put(new Pickled.Dict(), popToMark()));

            case APPEND -> add(pop(1));
            case APPENDS, ADDITEMS -> add(popToMark());
            case SETITEM -> set(pop(2));
            case SETITEMS -> set(popToMark());

            case MARK -> mark();
            case POP -> popOrUnmark();
            case POP_MARK -> popToMark();
            case DUP -> push(top());
            case PUT -> remember(PickleText.memo(input.line()));
            case BINPUT -> remember(input.unsignedByte());
            case LONG_BINPUT -> remember(input.unsignedInt());
            case MEMOIZE -> remember(memo.size());
            case GET -> push(recall(PickleText.memo(input.line())));
            case BINGET -> push(recall(input.unsignedByte()));
            case LONG_BINGET -> push(recall(input.unsignedInt()));

            case GLOBAL -> push(world.global(input.line(), input.line()));
            case STACK_GLOBAL -> stackGlobal(pop(2));
            case REDUCE, NEWOBJ -> call(pop(2));
            case NEWOBJ_EX -> callWithKeywords(pop(3));
            case INST -> push(world.call(world.global(input.line(), input.line()), popToMark()));
            case OBJ -> callAll(popToMark());
            case BUILD -> build(pop());
            case PERSID -> push(world.persistent(input.line()));
            case BINPERSID -> push(world.persistent(pop()));

            default -> throw malformed("the unknown opcode 0x" + Integer.toHexString(opcode));
        }
    }

    private void protocol(int version) {
        if (version > 5) {
            throw malformed("the unknown protocol " + version);
        }
    }

    private void push(Object value) {
        budget.spend(1);
        stack.add(value);
    }

    private Object top() {
        if (stack.size() <= bottom()) {
            throw malformed("an operation on an empty stack");
        }
        return stack.getLast();
    }

    private Object pop() {
        var value = top();
        stack.removeLast();
        return value;
    }

    private List<Object> pop(int count) {
        if (stack.size() - bottom() < count) {
            throw malformed("an operation on an empty stack");
        }
        return cut(stack.size() - count);
    }

    private List<Object> popToMark() {
        if (marks.isEmpty()) {
            throw malformed("an operation without its mark");
        }
        return cut(marks.pop());
    }

    private List<Object> cut(int from) {
        var tail = stack.subList(from, stack.size());
        var values = new ArrayList<>(tail);
        tail.clear();
        return values;
    }

    /// The height of the stack at the last mark: what lies below belongs to others.
    private int bottom() {
        return marks.isEmpty() ? 0 : marks.peek();
    }

    private void mark() {
        budget.spend(1);
        marks.push(stack.size());
    }

    private void popOrUnmark() {
        if (!marks.isEmpty() && stack.size() == marks.peek()) {
            marks.pop();
        } else {
            pop();
        }
    }

    private void remember(long index) {
        budget.spend(2);
        memo.put(index, top());
    }

    private Object recall(long index) {
        var value = memo.get(index);
        if (value == null) {
            throw malformed("a memo that was never made, " + index);
        }
        return value;
    }

    private void add(List<Object> items) {
        if (!(top() instanceof Pickled.Sequence sequence && sequence.isGrowing())) {
            throw malformed("elements for what is no list or set");
        }
        added(sequence, items);
    }

    private static Pickled.Sequence added(Pickled.Sequence sequence, List<Object> items) {
        sequence.addAll(items);
        return sequence;
    }

    private void set(List<Object> items) {
        if (!(top() instanceof Pickled.Dict dict)) {
            throw malformed("entries for what is no dictionary");
        }
        put(dict, items);
    }

    private Pickled.Dict put(Pickled.Dict dict, List<Object> items) {
        if (items.size() % 2 != 0) {
            throw malformed("a key without a value");
        }
        budget.spend(items.size());
        for (var i = 0; i < items.size(); i += 2) {
            dict.put(items.get(i), items.get(i + 1));
        }
        return dict;
    }

    private void stackGlobal(List<Object> names) {
        if (!(names.getFirst() instanceof String module && names.getLast() instanceof String name)) {
            throw malformed("a global whose name is no text");
        }
        push(world.global(module, name));
    }

    private void call(List<Object> callableAndArguments) {
        if (!(callableAndArguments.getLast() instanceof Pickled.Sequence arguments)) {
            throw malformed("a call whose arguments are no tuple");
        }
        push(world.call(callableAndArguments.getFirst(), arguments.items()));
    }

    private void callWithKeywords(List<Object> callableAndArguments) {
        if (!(callableAndArguments.removeLast() instanceof Pickled.Dict keywords
                && keywords.entries().isEmpty())) {
            throw malformed("a call with keywords");
        }
        call(callableAndArguments);
    }

    private void callAll(List<Object> callableAndArguments) {
        if (callableAndArguments.isEmpty()) {
            throw malformed("a call of nothing");
        }
        push(world.call(callableAndArguments.getFirst(), callableAndArguments.subList(1, callableAndArguments.size())));
    }

    /// The one object with a state is the `OrderedDict` of a state dict, whose `_metadata` counts module versions
    /// and is of no use here.
    private void build(Object state) {
        if (!(top() instanceof Pickled.Dict && state instanceof Pickled.Dict)) {
            throw malformed("a state for what is no OrderedDict");
        }
    }

    private AerieException malformed(String what) {
        return input.file().damaged("its pickle has " + Fault.shortened(what) + " before byte " + input.position());
    }
}
