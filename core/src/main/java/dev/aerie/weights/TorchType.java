package dev.aerie.weights;

import dev.aerie.tensor.DType;
import java.util.Arrays;
import java.util.Optional;

/// The element types of PyTorch: how `torch.` spells them, the class of their storages, and what they are here,
/// which for complex and quantised numbers is nothing.
enum TorchType {
    FLOAT64("float64", "double", "DoubleStorage", DType.F64),
    FLOAT32("float32", "float", "FloatStorage", DType.F32),
    FLOAT16("float16", "half", "HalfStorage", DType.F16),
    BFLOAT16("bfloat16", "bfloat16", "BFloat16Storage", DType.BF16),
    INT64("int64", "long", "LongStorage", DType.I64),
    INT32("int32", "int", "IntStorage", DType.I32),
    INT16("int16", "short", "ShortStorage", DType.I16),
    INT8("int8", "int8", "CharStorage", DType.I8),
    UINT8("uint8", "uint8", "ByteStorage", DType.U8),
    BOOL("bool", "bool", "BoolStorage", DType.BOOL),
    COMPLEX128("complex128", "cdouble", "ComplexDoubleStorage", 16),
    COMPLEX64("complex64", "cfloat", "ComplexFloatStorage", 8),
    QINT32("qint32", "qint32", "QInt32Storage", 4),
    QINT8("qint8", "qint8", "QInt8Storage", 1),
    QUINT8("quint8", "quint8", "QUInt8Storage", 1),
    QUINT4X2("quint4x2", "quint4x2", "QUInt4x2Storage", 1),
    QUINT2X4("quint2x4", "quint2x4", "QUInt2x4Storage", 1),

    // No storage class of their own: a tensor names its type beside a storage of bytes.
    UINT16("uint16", "uint16", "", DType.U16),
    UINT32("uint32", "uint32", "", DType.U32),
    UINT64("uint64", "uint64", "", DType.U64),
    FLOAT8_E4M3FN("float8_e4m3fn", "float8_e4m3fn", "", DType.F8_E4M3),
    FLOAT8_E5M2("float8_e5m2", "float8_e5m2", "", DType.F8_E5M2),
    FLOAT8_E4M3FNUZ("float8_e4m3fnuz", "float8_e4m3fnuz", "", 1),
    FLOAT8_E5M2FNUZ("float8_e5m2fnuz", "float8_e5m2fnuz", "", 1),
    FLOAT8_E8M0FNU("float8_e8m0fnu", "float8_e8m0fnu", "", 1),
    COMPLEX32("complex32", "chalf", "", 4);

    private final String dtypeName;
    private final String alias;
    private final String storageClass;
    private final int bytes;
    private final Optional<DType> dtype;

    TorchType(String dtypeName, String alias, String storageClass, DType dtype) {
        this(dtypeName, alias, storageClass, dtype.bytes(), Optional.of(dtype));
    }

    TorchType(String dtypeName, String alias, String storageClass, int bytes) {
        this(dtypeName, alias, storageClass, bytes, Optional.empty());
    }

    TorchType(String dtypeName, String alias, String storageClass, int bytes, Optional<DType> dtype) {
        this.dtypeName = dtypeName;
        this.alias = alias;
        this.storageClass = storageClass;
        this.bytes = bytes;
        this.dtype = dtype;
    }

    /// The type that `torch.NAME` is.
    static Optional<TorchType> byDtype(String name) {
        return Arrays.stream(values())
                .filter(type -> type.dtypeName.equals(name) || type.alias.equals(name))
                .findFirst();
    }

    /// The element type of the storage class `torch.NAME`.
    static Optional<TorchType> byStorageClass(String name) {
        return Arrays.stream(values())
                .filter(type -> !name.isEmpty() && type.storageClass.equals(name))
                .findFirst();
    }

    /// The storage class that holds elements of this type.
    static Optional<String> storageClass(DType dtype) {
        return Arrays.stream(values())
                .filter(type -> type.dtype.equals(Optional.of(dtype)) && !type.storageClass.isEmpty())
                .map(type -> type.storageClass)
                .findFirst();
    }

    /// The name behind `torch.`
    String dtypeName() {
        return dtypeName;
    }

    /// Bytes of one element.
    int bytes() {
        return bytes;
    }

    Optional<DType> dtype() {
        return dtype;
    }
}
