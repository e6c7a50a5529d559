package dev.aerie.tensor;

import dev.aerie.AerieException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// An n-dimensional array in native memory. Immutable unless a method's name ends in `InPlace`; views share memory.
///
/// Negative dimensions count from the end. Operations on more than one tensor broadcast as PyTorch's do. Who frees the
/// memory is said by [TensorScope].
public final class Tensor implements AutoCloseable {

    private final org.bytedeco.pytorch.@Nullable Tensor raw;
    private final DType dtype;
    private final long[] shape;

    Tensor(org.bytedeco.pytorch.Tensor raw) {
        this.raw = raw;
        dtype = Types.dtype(raw.scalar_type());
        shape = new long[Math.toIntExact(raw.dim())];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = raw.size(i);
        }
    }

    private Tensor(DType dtype, long[] shape) {
        raw = null;
        this.dtype = dtype;
        this.shape = shape.clone();
    }

    /// A tensor that has a type and a shape but no memory: what a manifest knows of a parameter. It cannot be computed
    /// with.
    public static Tensor shapeOnly(DType dtype, long... shape) {
        return new Tensor(dtype, shape);
    }

    org.bytedeco.pytorch.Tensor raw() {
        if (raw == null) {
            throw new AerieException("cannot compute with " + describe() + ": it only describes a shape");
        }
        return raw;
    }

    // ---- what it is

    public DType dtype() {
        return dtype;
    }

    public long[] shape() {
        return shape.clone();
    }

    /// The extent of dimension `dim`; negative counts from the end.
    public long size(int dim) {
        return shape[dim < 0 ? dim + shape.length : dim];
    }

    public int dims() {
        return shape.length;
    }

    /// How many elements it has.
    public long elements() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /// Type and shape for messages, like `F32[2, 1024]`.
    public String describe() {
        return dtype + Arrays.toString(shape);
    }

    @Override
    public String toString() {
        return describe();
    }

    // ---- lifetime

    /// Takes the tensor out of every scope: it lives until [#close].
    public Tensor retain() {
        raw().retainReference();
        return this;
    }

    /// Frees the tensor if nothing else refers to it.
    @Override
    public void close() {
        if (raw != null) {
            raw.releaseReference();
        }
    }

    // ---- making

    public static Tensor of(float[] values, long... shape) {
        return Tensors.copyOf(MemorySegment.ofArray(values), DType.F32, shape);
    }

    public static Tensor of(long[] values, long... shape) {
        return Tensors.copyOf(MemorySegment.ofArray(values), DType.I64, shape);
    }

    public static Tensor of(double[] values, long... shape) {
        return Tensors.copyOf(MemorySegment.ofArray(values), DType.F64, shape);
    }

    public static Tensor zeros(DType dtype, long... shape) {
        return Native.call("zeros", () -> torch.zeros(shape, Types.options(dtype)));
    }

    public static Tensor full(double value, DType dtype, long... shape) {
        return Native.call("full", () -> torch.full(shape, Scalars.of(value), Types.options(dtype)));
    }

    /// Normally distributed numbers with mean 0.
    public static Tensor normal(double deviation, DType dtype, long... shape) {
        return Native.call("normal", () -> empty(dtype, shape).raw().normal_(0, deviation, new GeneratorOptional()));
    }

    /// Numbers spread evenly over −bound … bound.
    public static Tensor uniform(double bound, DType dtype, long... shape) {
        return Native.call("uniform", () -> empty(dtype, shape).raw().uniform_(-bound, bound, new GeneratorOptional()));
    }

    /// Memory with unspecified contents.
    public static Tensor empty(DType dtype, long... shape) {
        return Native.call("empty", () -> torch.empty(shape, Types.options(dtype), new MemoryFormatOptional()));
    }

    /// 0, 1, …, n − 1 as 64-bit integers.
    public static Tensor range(long n) {
        return Native.call("arange", () -> torch.arange(Scalars.of(n)));
    }

    // ---- reading out

    /// The values in row-major order, converted to float32. Files may hold tensors at any byte.
    public float[] toFloats() {
        return read(DType.F32, values -> values.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
    }

    /// The values in row-major order, converted to float64.
    public double[] toDoubles() {
        return read(DType.F64, values -> values.toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED));
    }

    /// The values of a tensor of 64-bit integers in row-major order.
    public long[] toLongs() {
        return read(DType.I64, values -> values.toArray(ValueLayout.JAVA_LONG_UNALIGNED));
    }

    private <T> T read(DType dtype, Function<MemorySegment, T> copy) {
        var values = to(dtype).contiguous();
        try {
            return copy.apply(values.segment());
        } finally {
            Reference.reachabilityFence(values); // nothing else holds what was converted while it is copied
        }
    }

    /// The only element of a tensor of one element.
    public double item() {
        return Native.value("item", () -> raw().item().toDouble(), this);
    }

    /// The memory itself, valid as long as the tensor is; the tensor must be contiguous and on the CPU.
    public MemorySegment segment() {
        return Tensors.segment(this);
    }

    /// Steps in elements from one entry of each dimension to the next.
    public long[] strides() {
        var strides = new long[shape.length];
        for (int i = 0; i < strides.length; i++) {
            strides[i] = raw().stride(i);
        }
        return strides;
    }

    /// The memory from the first element to the last that the strides reach, valid as long as the tensor is.
    public MemorySegment span() {
        return Tensors.span(this);
    }

    // ---- gradients

    /// Whether results of this tensor are recorded for [#backward].
    public boolean requiresGradient() {
        return raw().requires_grad();
    }

    /// Makes this tensor one that gradients are taken of.
    public Tensor requireGradient() {
        raw().set_requires_grad(true);
        return this;
    }

    /// The same memory without its history.
    public Tensor detach() {
        return Native.call("detach", () -> raw().detach(), this);
    }

    /// The gradient that [#backward] has added up here; empty where none arrived.
    public Optional<Tensor> gradient() {
        var gradient = raw().grad();
        return gradient.defined() ? Optional.of(new Tensor(gradient)) : Optional.empty();
    }

    /// Frees the gradient.
    public void clearGradient() {
        raw().mutable_grad().reset();
    }

    /// Adds the gradients of this number to every tensor that requires one and led to it, and frees the history.
    public void backward() {
        Native.run("backward", () -> raw().backward(), this);
    }

    /// The same for a tensor of which `gradient` is the gradient of some number.
    public void backward(Tensor gradient) {
        Native.run(
                "backward",
                () -> raw().backward(gradient.raw(), new BoolOptional(), false, new TensorArrayRefOptional()),
                this,
                gradient);
    }

    /// A copy of the values in memory of its own.
    public Tensor copy() {
        return Native.call("clone", () -> raw().clone(), this);
    }

    // ---- memory layout

    public boolean isContiguous() {
        return raw().is_contiguous();
    }

    // ---- type

    /// The values in another type; the tensor itself when it has that type already.
    public Tensor to(DType type) {
        return type == dtype ? this : Native.call("to " + type, () -> raw().to(Types.scalarType(type)), this);
    }

    // ---- shape

    public Tensor reshape(long... to) {
        return Native.call("reshape to " + Arrays.toString(to), () -> raw().reshape(to), this);
    }

    /// Joins all dimensions from `from` on.
    public Tensor flatten(int from) {
        return flatten(from, -1);
    }

    public Tensor flatten(int from, int to) {
        return Native.call("flatten", () -> raw().flatten(from, to), this);
    }

    public Tensor transpose(int a, int b) {
        return Native.call("transpose", () -> raw().transpose(a, b), this);
    }

    public Tensor permute(long... order) {
        return Native.call("permute to " + Arrays.toString(order), () -> raw().permute(order), this);
    }

    public Tensor unsqueeze(int dim) {
        return Native.call("unsqueeze", () -> raw().unsqueeze(dim), this);
    }

    public Tensor squeeze(int dim) {
        return Native.call("squeeze", () -> raw().squeeze((long) dim), this);
    }

    /// Repeats dimensions of extent 1 without a copy; −1 keeps an extent.
    public Tensor expand(long... to) {
        return Native.call("expand to " + Arrays.toString(to), () -> raw().expand(to), this);
    }

    /// `length` entries of dimension `dim` from `start` on, as a view.
    public Tensor narrow(int dim, long start, long length) {
        return Native.call("narrow " + dim + ":" + start + "+" + length, () -> raw().narrow(dim, start, length), this);
    }

    /// Entry `index` of dimension `dim`, as a view without that dimension.
    public Tensor select(int dim, long index) {
        return Native.call("select", () -> raw().select((long) dim, index), this);
    }

    /// Every `step`-th entry of dimension `dim` from `start` to `end` (excluded), as a view.
    public Tensor slice(int dim, long start, long end, long step) {
        return Native.call("slice", () -> raw().slice(dim, new LongOptional(start), new LongOptional(end), step), this);
    }

    /// The entries of dimension `dim` moved on by `steps`, those beyond the end to the beginning.
    public Tensor roll(int dim, long steps) {
        return Native.call("roll", () -> raw().roll(new long[] {steps}, dim), this);
    }

    public Tensor contiguous() {
        return raw().is_contiguous() ? this : Native.call("contiguous", () -> raw().contiguous(), this);
    }

    /// The same [B, C, H, W] values with the channels of a pixel side by side in memory: the faster layout of
    /// convolutions here.
    public Tensor channelsLast() {
        return Native.call("channels_last", () -> raw().contiguous(torch.MemoryFormat.ChannelsLast), this);
    }

    // ---- arithmetic

    public Tensor plus(Tensor other) {
        return Native.call("add", () -> raw().add(other.raw()), this, other);
    }

    public Tensor plus(double value) {
        return Native.call("add", () -> raw().add(Scalars.of(value)), this);
    }

    public Tensor minus(Tensor other) {
        return Native.call("sub", () -> raw().sub(other.raw()), this, other);
    }

    public Tensor times(Tensor other) {
        return Native.call("mul", () -> raw().mul(other.raw()), this, other);
    }

    public Tensor times(double value) {
        return Native.call("mul", () -> raw().mul(Scalars.of(value)), this);
    }

    public Tensor divide(Tensor other) {
        return Native.call("div", () -> raw().div(other.raw()), this, other);
    }

    public Tensor divide(double value) {
        return Native.call("div", () -> raw().div(Scalars.of(value)), this);
    }

    public Tensor negate() {
        return Native.call("neg", () -> raw().neg(), this);
    }

    public Tensor abs() {
        return Native.call("abs", () -> raw().abs(), this);
    }

    /// Every element raised to `least` where it is below.
    public Tensor atLeast(double least) {
        return Native.call("clamp_min", () -> raw().clamp_min(Scalars.of(least)), this);
    }

    /// Every element lowered to `most` where it is above.
    public Tensor atMost(double most) {
        return Native.call("clamp_max", () -> raw().clamp_max(Scalars.of(most)), this);
    }

    public Tensor exp() {
        return Native.call("exp", () -> raw().exp(), this);
    }

    public Tensor sqrt() {
        return Native.call("sqrt", () -> raw().sqrt(), this);
    }

    public Tensor matmul(Tensor other) {
        return Native.call("matmul", () -> raw().matmul(other.raw()), this, other);
    }

    /// Overwrites this tensor's memory with `source`, converting its type.
    public Tensor copyInPlace(Tensor source) {
        return Native.call("copy", () -> raw().copy_(source.raw()), this, source);
    }

    public Tensor plusInPlace(Tensor other) {
        return Native.call("add_", () -> raw().add_(other.raw()), this, other);
    }

    /// Moves every element by `share` of the way to the other's.
    public Tensor mixInPlace(Tensor other, double share) {
        return Native.call("lerp_", () -> raw().lerp_(other.raw(), Scalars.of(share)), this, other);
    }

    /// Adds `a · b` element by element.
    public Tensor plusProductInPlace(Tensor a, Tensor b) {
        return Native.call("addcmul_", () -> raw().addcmul_(a.raw(), b.raw()), this, a, b);
    }

    public Tensor timesInPlace(Tensor other) {
        return Native.call("mul_", () -> raw().mul_(other.raw()), this, other);
    }

    public Tensor sigmoid() {
        return Native.call("sigmoid", () -> raw().sigmoid(), this);
    }

    public Tensor tanh() {
        return Native.call("tanh", () -> raw().tanh(), this);
    }

    public Tensor cos() {
        return Native.call("cos", () -> raw().cos(), this);
    }

    public Tensor sin() {
        return Native.call("sin", () -> raw().sin(), this);
    }

    // ---- reductions and selections

    /// The sum of all elements.
    public Tensor sum() {
        return Native.call("sum", () -> raw().sum(), this);
    }

    public Tensor sum(int dim) {
        return Native.call("sum", () -> raw().sum(dim), this);
    }

    public Tensor mean(int dim) {
        return Native.call("mean", () -> raw().mean(new long[] {dim}), this);
    }

    /// The mean of all elements.
    public Tensor mean() {
        return Native.call("mean", () -> raw().mean(), this);
    }

    /// The standard deviation of all elements, without Bessel's correction.
    public Tensor deviation() {
        return Native.call("std", () -> raw().std(false), this);
    }

    public Tensor deviation(int dim, boolean unbiased) {
        return Native.call("std", () -> raw().std(new long[] {dim}, unbiased, false), this);
    }

    public Tensor max() {
        return Native.call("max", () -> raw().max(), this);
    }

    public Tensor argmax(int dim) {
        return Native.call("argmax", () -> raw().argmax(new LongOptional(dim), false), this);
    }

    public Tensor logSoftmax(int dim) {
        return Native.call("log_softmax", () -> raw().log_softmax((long) dim), this);
    }

    public Tensor softmax(int dim) {
        return Native.call("softmax", () -> raw().softmax((long) dim), this);
    }

    /// The entries `index` (64-bit integers) of dimension `dim`.
    public Tensor indexSelect(int dim, Tensor index) {
        return Native.call("index_select", () -> raw().index_select((long) dim, index.raw()), this, index);
    }

    /// This with `source` added to the entries `index` (64-bit integers, which may recur) of dimension `dim`.
    public Tensor indexAdd(int dim, Tensor index, Tensor source) {
        return Native.call(
                "index_add", () -> raw().index_add((long) dim, index.raw(), source.raw()), this, index, source);
    }
}
