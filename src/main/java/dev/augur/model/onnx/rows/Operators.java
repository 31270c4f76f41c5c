package dev.augur.model.onnx.rows;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The operators that are known: for each why it keeps rows apart and the rule that says when, or why it does not. An
 * operator that is not in this table keeps nothing apart. Thread-safe.
 */
final class Operators {
    private static final String ONNX = "";
    private static final String ML = "ai.onnx.ml";
    private static final String MICROSOFT = "com.microsoft";

    private final Map<String, Rule> rules = new HashMap<>();

    Operators() {
        onnx();
        layers();
        classical();
        microsoft();
        mixing();
    }

    /** The rule of an operator; none if it is not known. */
    Optional<Rule> rule(String domain, String operator) {
        return Optional.ofNullable(rules.get(key(domain.equals("ai.onnx") ? ONNX : domain, operator)));
    }

    /** The names of all, those of other domains than ONNX's own with the domain before a colon. */
    SortedSet<String> names() {
        return new TreeSet<>(rules.keySet());
    }

    private void onnx() {
        keep(
                ONNX,
                "each element comes from the one at its place",
                Elementwise::one,
                """
                Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Ceil Celu Clip Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid HardSwish
                IsInf IsNaN LeakyRelu Log Mish Neg Not Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt
                Swish Tan Tanh ThresholdedRelu RegexFullMatch""");
        keep(ONNX, "the same elements, perhaps of another type", Elementwise::identity, "Identity");
        keep(ONNX, "the same elements, perhaps of another type", Elementwise::cast, "Cast");
        keep(ONNX, "the same elements, perhaps of another type", Elementwise::castLike, "CastLike");
        keep(ONNX, "drops nothing outside of training", Elementwise::dropout, "Dropout");
        keep(
                ONNX,
                "each element comes from those at its place in all inputs",
                Elementwise::together,
                """
                Add And BitShift BitwiseAnd BitwiseOr BitwiseXor Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod
                Mul Or PRelu Pow StringConcat Sub Sum Where Xor""");
        keep(ONNX, "normalises along other axes", Axes::softmax, "Softmax LogSoftmax Hardmax");
        keep(ONNX, "normalises along other axes", Axes::last, "LpNormalization");
        keep(
                ONNX,
                "normalises along other axes",
                Axes::normalization,
                "LayerNormalization RMSNormalization SimplifiedLayerNormalization");
        keep(ONNX, "normalises along other axes", Axes::meanVariance, "MeanVarianceNormalization");
        keep(ONNX, "sums along another axis", Axes::cumulative, "CumSum");
        keep(
                ONNX,
                "reduces other axes",
                Axes::reduce,
                """
                ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare""");
        keep(ONNX, "compares along another axis", Axes::extreme, "ArgMax ArgMin");
        keep(ONNX, "compares along another axis", Axes::top, "TopK");
        keep(ONNX, "gives each index an axis of its own", Axes::oneHot, "OneHot");
        keep(ONNX, "keeps half of each matrix", Axes::triangle, "Trilu");
        keep(ONNX, "turns each sequence round", Axes::reverse, "ReverseSequence");
        keep(ONNX, "sums over other axes than the rows", Products::matrices, "MatMul MatMulInteger");
        keep(ONNX, "sums over other axes than the rows", Products::quantized, "QLinearMatMul");
        keep(ONNX, "sums over other axes than the rows", Products::general, "Gemm");
        keep(ONNX, "sums over other axes than the rows", Products::einsum, "Einsum");
        shapes();
    }

    private void shapes() {
        keep(ONNX, "the elements stay in their rows", Reshaping::transpose, "Transpose");
        keep(ONNX, "the elements stay in their rows", Reshaping::reshape, "Reshape");
        keep(ONNX, "the elements stay in their rows", Reshaping::flatten, "Flatten");
        keep(ONNX, "the elements stay in their rows", Reshaping::squeeze, "Squeeze");
        keep(ONNX, "the elements stay in their rows", Reshaping::unsqueeze, "Unsqueeze");
        keep(ONNX, "repeats what all rows share, or each row within itself", Reshaping::expand, "Expand");
        keep(ONNX, "repeats what all rows share, or each row within itself", Reshaping::tile, "Tile");
        keep(ONNX, "the same element everywhere", Reshaping::filled, "ConstantOfShape");
        keep(ONNX, "takes along other axes", Picking::concat, "Concat");
        keep(ONNX, "takes along other axes", Picking::split, "Split");
        keep(ONNX, "takes along other axes", Picking::slice, "Slice");
        keep(ONNX, "takes along other axes", Picking::pad, "Pad");
        keep(ONNX, "takes along other axes", Picking::gather, "Gather");
        keep(ONNX, "takes along other axes", Picking::alongAxis, "GatherElements ScatterElements");
        keep(ONNX, "scales other axes", Picking::resize, "Resize Upsample");
        keep(ONNX, "the same for all", Constants::node, "Constant");
        keep(ONNX, "lengths, which are followed", Constants::shape, "Shape");
        keep(ONNX, "lengths, which are followed", Constants::size, "Size");
        keep(ONNX, "the same for all", Constants::range, "Range");
    }

    private void layers() {
        keep(ONNX, "one sample after the other", Layers::convolution, "Conv ConvInteger");
        keep(ONNX, "one sample after the other", Layers::quantizedConvolution, "QLinearConv");
        keep(ONNX, "one sample after the other", Layers::transposedConvolution, "ConvTranspose");
        keep(ONNX, "one sample after the other", Layers::pool, "AveragePool LpPool MaxPool");
        keep(ONNX, "one sample after the other", Layers::globalPool, "GlobalAveragePool GlobalLpPool GlobalMaxPool");
        keep(ONNX, "by the training's statistics", Layers::batchNormalization, "BatchNormalization");
        keep(
                ONNX,
                "by statistics of one sample",
                Layers::withinSamples,
                "GroupNormalization InstanceNormalization LRN");
        keep(ONNX, "one sample after the other", Layers::samples, "DepthToSpace SpaceToDepth");
        keep(ONNX, "one sample after the other", Layers::gridSample, "GridSample");
        keep(ONNX, "sequences lie side by side", Layers::recurrent, "GRU LSTM RNN");
        keep(ONNX, "by scales of the file", Layers::quantization, "DequantizeLinear QuantizeLinear");
    }

    private void classical() {
        keep(
                ML,
                "one sample after the other",
                Classical::classifier,
                "LinearClassifier SVMClassifier TreeEnsembleClassifier");
        keep(
                ML,
                "one sample after the other",
                Classical::regressor,
                "LinearRegressor SVMRegressor TreeEnsemble TreeEnsembleRegressor");
        keep(ML, "one sample after the other", Classical::columns, "Imputer Normalizer Scaler ZipMap");
        keep(
                ML,
                "each element comes from the one at its place",
                Elementwise::one,
                "Binarizer CategoryMapper LabelEncoder");
        keep(ML, "gives each element an axis of its own", Classical::oneHot, "OneHotEncoder");
        keep(ML, "takes along the last axis", Classical::extractor, "ArrayFeatureExtractor");
        keep(ML, "puts columns side by side", Classical::vectorizer, "FeatureVectorizer");
        keep(ONNX, "one text after the other", Classical::termCounts, "TfIdfVectorizer");
        keep(ONNX, "each element comes from the one at its place", Classical::normalizedTexts, "StringNormalizer");
    }

    private void microsoft() {
        keep(MICROSOFT, "one text after the other", Classical::words, "Tokenizer");
        keep(MICROSOFT, "each element comes from the one at its place", Elementwise::one, "Gelu QuickGelu");
        keep(
                MICROSOFT,
                "each element comes from those at its place in all inputs",
                Elementwise::together,
                "BiasGelu FastGelu");
        keep(MICROSOFT, "sums over other axes than the rows", Products::fused, "FusedGemm FusedMatMul");
        keep(MICROSOFT, "one sample after the other", Layers::convolution, "FusedConv");
        keep(MICROSOFT, "by scales of the file", Layers::quantization, "DequantizeLinear QuantizeLinear");
        keep(
                MICROSOFT,
                "normalises along the last axis",
                Elementwise::skipNormalization,
                """
                SkipLayerNormalization SkipSimplifiedLayerNormalization""");
    }

    private void mixing() {
        mix("takes one scale for all rows", "DynamicQuantizeLinear");
        mix("takes rows out by their values", "Compress NonZero NonMaxSuppression Unique");
        mix("depends on its longest row", "StringSplit");
        mix("runs a graph of its own", "If Loop Scan SequenceMap");
        mix(
                "yields other numbers every time",
                "Bernoulli Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike");
        rules.put(key(MICROSOFT, "DynamicQuantizeMatMul"), refusing("takes one scale for all rows"));
        rules.put(key(MICROSOFT, "DynamicQuantizeLSTM"), refusing("takes one scale for all rows"));
    }

    /** They keep rows apart as far as the rule finds; the reason is for readers. */
    private void keep(String domain, String reason, Rule rule, String operators) {
        assert !reason.isEmpty();
        for (String operator : operators.strip().split("\\s+", -1)) {
            rules.put(key(domain, operator), rule);
        }
    }

    /** They never keep rows apart. */
    private void mix(String reason, String operators) {
        for (String operator : operators.split(" ", -1)) {
            rules.put(key(ONNX, operator), refusing(reason));
        }
    }

    private static Rule refusing(String reason) {
        return call -> {
            throw new Refused(reason);
        };
    }

    private static String key(String domain, String operator) {
        return domain.isEmpty() ? operator : domain + ":" + operator;
    }
}
