#!/usr/bin/env python3
"""Writes small graphs node by node, in the shapes that skl2onnx, onnxmltools and tf2onnx write, and such as mix rows; random weights. See README.md."""
import numpy as np
import onnx
from onnx import TensorProto as T, helper as h, numpy_helper as nh

OUT = __file__.rsplit("/", 1)[0] if "/" in __file__ else "."
ML = "ai.onnx.ml"
rng = np.random.default_rng(5)


def w(name, *shape):
    return nh.from_array((rng.standard_normal(shape) * 0.5).astype(np.float32), name)


def c(name, value, kind=np.int64):
    return nh.from_array(np.array(value, kind), name)


def n(operator, inputs, outputs, domain="", **attributes):
    return h.make_node(operator, inputs.split(), outputs.split(), domain=domain, **attributes)


def v(name, kind, *shape):
    return h.make_tensor_value_info(name, kind, list(shape))


def save(name, nodes, inputs, outputs, weights=(), kept=True, opset=15, functions=()):
    graph = h.make_graph(nodes, name, inputs, outputs, list(weights))
    imports = [h.make_opsetid("", opset), h.make_opsetid(ML, 3)]
    domains = {node.domain for node in nodes} - {"", ML}
    model = h.make_model(graph, opset_imports=imports + [h.make_opsetid(d, 1) for d in sorted(domains)], functions=list(functions))
    model.ir_version = 8
    onnx.save(model, f"{OUT}/{'independent' if kept else 'dependent'}/{name}.onnx")


X, Y = v("x", T.FLOAT, None, 4), v("y", T.FLOAT, None, None)


def tree(targets, **more):
    """One split of feature 0 at 0.5, then one of feature 1 for those above."""
    return dict(nodes_treeids=[0] * 5, nodes_nodeids=[0, 1, 2, 3, 4], nodes_featureids=[0, 0, 1, 0, 0],
                nodes_values=[0.5, 0.0, -0.2, 0.0, 0.0], nodes_hitrates=[1.0] * 5, nodes_missing_value_tracks_true=[0] * 5,
                nodes_modes=["BRANCH_LEQ", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"], nodes_truenodeids=[1, 0, 3, 0, 0],
                nodes_falsenodeids=[2, 0, 4, 0, 0], **more)


def classifier_tree(classes, **more):
    leaves, ids = [1, 3, 4], list(range(classes))
    return tree(classes, class_ids=ids * 3, class_nodeids=[leaf for leaf in leaves for _ in ids], class_treeids=[0] * 3 * classes,
                class_weights=[float(x) for x in rng.random(3 * classes)], **more)


def regressor_tree(**more):
    return tree(1, n_targets=1, target_ids=[0] * 3, target_nodeids=[1, 3, 4], target_treeids=[0] * 3, target_weights=[1.5, -2.0, 0.25], **more)


linear = dict(coefficients=[float(x) for x in rng.standard_normal(12)], intercepts=[0.1, 0.2, 0.3], classlabels_ints=[0, 1, 2], multi_class=1)

# skl2onnx: StandardScaler, LogisticRegression; the labels and the probabilities, as a tensor or as maps
scaler = n("Scaler", "x", "scaled", ML, offset=[0.1, 0.2, 0.3, 0.4], scale=[1.0, 2.0, 0.5, 1.5])
logistic = [scaler, n("LinearClassifier", "scaled", "label scores", ML, post_transform="SOFTMAX", **linear), n("Normalizer", "scores", "probabilities", ML, norm="L1"),
            n("Cast", "label", "output_label", to=T.INT64)]
LABEL = v("output_label", T.INT64, None)
save("skl_logistic", logistic, [X], [LABEL, v("probabilities", T.FLOAT, None, 3)])
zip_type = onnx.TypeProto()
zip_type.sequence_type.elem_type.map_type.key_type = T.INT64
zip_type.sequence_type.elem_type.map_type.value_type.CopyFrom(h.make_tensor_type_proto(T.FLOAT, []))
save("skl_logistic_zipmap", logistic + [n("ZipMap", "probabilities", "output_probability", ML, classlabels_int64s=[0, 1, 2])], [X],
     [LABEL, h.make_value_info("output_probability", zip_type)])

# skl2onnx: forests, boosted trees, support vectors, a linear regression behind an imputer
save("skl_forest", [n("TreeEnsembleClassifier", "x", "label probabilities", ML, post_transform="NONE", classlabels_int64s=[0, 1, 2], **classifier_tree(3))],
     [X], [v("label", T.INT64, None), v("probabilities", T.FLOAT, None, 3)])
save("skl_forest_regressor", [n("TreeEnsembleRegressor", "x", "variable", ML, post_transform="NONE", **regressor_tree())], [X], [v("variable", T.FLOAT, None, 1)])
save("skl_linear_imputed", [n("Imputer", "x", "whole", ML, imputed_value_floats=[0.0, 1.0, 2.0, 3.0], replaced_value_float=float("nan")),
                            n("LinearRegressor", "whole", "variable", ML, coefficients=[0.5, -1.0, 2.0, 0.1], intercepts=[0.3])],
     [X], [v("variable", T.FLOAT, None, 1)])
# skl2onnx: the label is taken out of the classes by ArgMax, ArrayFeatureExtractor, Cast and Reshape
save("skl_argmax_label", [n("MatMul", "x W", "product"), n("Add", "product b", "raw"), n("Softmax", "raw", "probabilities", axis=1),
                          n("ArgMax", "raw", "best", axis=1), n("ArrayFeatureExtractor", "classes best", "picked", ML), n("Cast", "picked", "cast", to=T.FLOAT),
                          n("Reshape", "cast flat", "reshaped"), n("Cast", "reshaped", "label", to=T.INT64)],
     [X], [v("label", T.INT64, None), v("probabilities", T.FLOAT, None, 3)],
     [w("W", 4, 3), w("b", 3), c("classes", [10, 20, 30], np.int32), c("flat", [-1])])
# skl2onnx: a ColumnTransformer over named columns, numbers, categories and texts
save("skl_columns", [n("Concat", "age income", "numbers", axis=1), n("Scaler", "numbers", "scaled", ML, offset=[1.0, 2.0], scale=[0.5, 0.1]),
                     n("OneHotEncoder", "city", "hot", ML, cats_strings=["a", "bc", "x"], zeros=1), n("Reshape", "hot columns", "cities"),
                     n("Concat", "scaled cities", "features", axis=1), n("LinearRegressor", "features", "variable", ML, coefficients=[0.5, -1.0, 2.0, 0.1, 0.7], intercepts=[0.3])],
     [v("age", T.FLOAT, None, 1), v("income", T.FLOAT, None, 1), v("city", T.STRING, None, 1)], [v("variable", T.FLOAT, None, 1)], [c("columns", [-1, 3])])
# skl2onnx: GaussianNB and a PCA
save("skl_bayes", [n("Reshape", "x split", "each"), n("Sub", "each theta", "apart"), n("Pow", "apart two", "squared"), n("Div", "squared sigma", "scaled"),
                   n("ReduceSum", "scaled last", "summed", keepdims=0), n("Mul", "summed half", "likelihood"), n("Add", "likelihood prior", "joint"),
                   n("ReduceLogSumExp", "joint", "norm", axes=[1], keepdims=0), n("Reshape", "norm column", "column_norm"), n("Sub", "joint column_norm", "log"),
                   n("Exp", "log", "probabilities"), n("ArgMax", "joint", "best", axis=1, keepdims=0)],
     [X], [v("best", T.INT64, None), v("probabilities", T.FLOAT, None, 3)],
     [c("split", [-1, 1, 4]), w("theta", 1, 3, 4), c("two", 2, np.float32), c("sigma", np.full((1, 3, 4), 40), np.float32), c("last", [2]), c("half", -0.5, np.float32),
      w("prior", 1, 3), c("column", [-1, 1])])
save("skl_pca", [n("Sub", "x mean", "centred"), n("MatMul", "centred parts", "y")], [X], [Y], [w("mean", 4), w("parts", 4, 2)])
save("skl_counts", [n("StringNormalizer", "x", "lower", case_change_action="LOWER", locale="C"), n("LabelEncoder", "lower", "number", ML, keys_strings=["a", "bc"], values_int64s=[1, 2]),
                    n("Reshape", "number column", "y")], [v("x", T.STRING, None)], [v("y", T.INT64, None, 1)], [c("column", [-1, 1])])

# onnxmltools: LightGBM (binary, with Cast and ZipMap left out) and XGBoost (regressor, then sigmoid; binary as 1 - p beside p)
save("lightgbm_binary", [n("TreeEnsembleClassifier", "x", "label_tensor probability_tensor", ML, post_transform="LOGISTIC", classlabels_int64s=[0, 1],
                           class_ids=[0] * 3, class_nodeids=[1, 3, 4], class_treeids=[0] * 3, class_weights=[0.7, -0.4, 0.1], **tree(1)),
                         n("Cast", "label_tensor", "label", to=T.INT64)], [X], [v("label", T.INT64, None), v("probability_tensor", T.FLOAT, None, 2)])
save("lightgbm_regressor", [n("TreeEnsembleRegressor", "x", "raw", ML, post_transform="NONE", **regressor_tree()), n("Identity", "raw", "variable")],
     [X], [v("variable", T.FLOAT, None, None)])
save("xgboost_binary", [n("TreeEnsembleRegressor", "x", "raw", ML, post_transform="NONE", base_values=[0.5], **regressor_tree()), n("Sigmoid", "raw", "one"),
                        n("Sub", "unit one", "zero"), n("Concat", "zero one", "probabilities", axis=1), n("ArgMax", "probabilities", "best", axis=1, keepdims=0)],
     [X], [v("best", T.INT64, None), v("probabilities", T.FLOAT, None, 2)], [c("unit", [[1]], np.float32)])

# tf2onnx: a dense net, a convolutional one (NHWC to NCHW, flatten by a fixed Reshape), an LSTM (time first inside, its state made by the batch)
save("keras_dense", [n("MatMul", "x W1", "m1"), n("Add", "m1 b1", "a1"), n("Relu", "a1", "r1"), n("MatMul", "r1 W2", "m2"), n("Add", "m2 b2", "a2"),
                     n("Softmax", "a2", "y")],
     [v("x", T.FLOAT, "unk__6", 4)], [v("y", T.FLOAT, "unk__7", 3)], [w("W1", 4, 8), w("b1", 8), w("W2", 8, 3), w("b2", 3)])
save("keras_conv", [n("Reshape", "x picture", "t"), n("Conv", "t K b", "k", auto_pad="NOTSET", kernel_shape=[3, 3], strides=[1, 1], dilations=[1, 1], pads=[0, 0, 0, 0]),
                    n("Relu", "k", "r"), n("MaxPool", "r", "p", kernel_shape=[2, 2], strides=[2, 2]), n("Transpose", "p", "back", perm=[0, 2, 3, 1]),
                    n("Reshape", "back flat", "f"), n("MatMul", "f W", "m"), n("Add", "m c", "s"), n("Softmax", "s", "y", axis=-1)],
     [v("x", T.FLOAT, "unk__16", 8, 8, 1)], [v("y", T.FLOAT, "unk__17", 3)], [c("picture", [-1, 1, 8, 8]), w("K", 4, 1, 3, 3), w("b", 4), c("flat", [-1, 36]), w("W", 36, 3), w("c", 3)])
save("keras_two_inputs", [n("Concat", "left right", "both", axis=-1), n("MatMul", "both W", "y")],
     [v("left", T.FLOAT, "unk__1", 2), v("right", T.FLOAT, "unk__2", 2)], [v("y", T.FLOAT, "unk__3", 3)], [w("W", 4, 3)])
save("keras_lstm", [n("Transpose", "x", "time_first", perm=[1, 0, 2]), n("Shape", "x", "shape"), n("Slice", "shape zero one zero", "batch"),
                    n("Concat", "one batch five", "state_shape", axis=0), n("ConstantOfShape", "state_shape", "state"),
                    h.make_node("LSTM", ["time_first", "W", "R", "B", "", "state", "state"], ["all", "last"], hidden_size=5),
                    n("Squeeze", "last zero", "features"), n("MatMul", "features V", "y")],
     [v("x", T.FLOAT, "unk__9", 6, 3)], [v("y", T.FLOAT, "unk__10", 2)],
     [c("zero", [0]), c("one", [1]), c("five", [5]), w("W", 1, 20, 3), w("R", 1, 20, 5), w("B", 1, 40), w("V", 5, 2)])
# a quantized net whose scales are those of the training
save("quantized_static", [n("QuantizeLinear", "x s z", "q"), n("DequantizeLinear", "q s z", "d"), n("DequantizeLinear", "Wq sw zw", "W", axis=1), n("MatMul", "d W", "y")],
     [X], [Y], [c("s", 0.05, np.float32), c("z", 128, np.uint8), c("Wq", rng.integers(-100, 100, (4, 3)), np.int8), c("sw", [0.01, 0.02, 0.03], np.float32), c("zw", [0, 0, 0], np.int8)])

# what mixes rows
P = dict(kept=False)
save("quantized_dynamic", [n("DynamicQuantizeLinear", "x", "q s z"), n("MatMulInteger", "q Wq z", "i"), n("Cast", "i", "f", to=T.FLOAT), n("Mul", "f s", "y")],
     [X], [Y], [c("Wq", rng.integers(-100, 100, (4, 3)), np.int8)], **P)
save("reshape_flat", [n("Reshape", "x flat", "y")], [X], [v("y", T.FLOAT, None)], [c("flat", [-1])], **P)
save("reshape_other_width", [n("Reshape", "x two", "y")], [X], [v("y", T.FLOAT, None, 2)], [c("two", [-1, 2])], **P)
save("nonzero", [n("NonZero", "x", "nz"), n("Transpose", "nz", "y")], [X], [v("y", T.INT64, None, 2)], **P)
save("unique", [n("Unique", "x", "y", axis=0)], [X], [v("y", T.FLOAT, None, 4)], **P)
save("concat_rows", [n("Concat", "x fixed", "y", axis=0)], [X], [v("y", T.FLOAT, None, 4)], [w("fixed", 1, 4)], **P)
save("tile_rows", [n("Tile", "x twice", "y")], [X], [v("y", T.FLOAT, None, 4)], [c("twice", [2, 1])], **P)
save("gather_rows", [n("Gather", "x first", "y")], [X], [v("y", T.FLOAT, None, 4)], [c("first", [0, 0, 0])], **P)
save("batch_norm_training", [n("BatchNormalization", "x s b m v", "y rm rv", training_mode=1)], [X], [v("y", T.FLOAT, None, 4)],
     [w("s", 4), w("b", 4), w("m", 4), c("v", [1, 1, 1, 1], np.float32)], **P)
save("squeeze_all", [n("ReduceSum", "x last", "sum"), n("Squeeze", "sum", "flat"), n("Unsqueeze", "flat last", "y")], [X], [v("y", T.FLOAT, None, 1)], [c("last", [-1])], **P)
save("old_softmax", [n("Softmax", "x", "y", axis=0)], [X], [Y], opset=11, **P)
save("mean_variance", [n("MeanVarianceNormalization", "x", "y")], [v("x", T.FLOAT, None, 2, 3, 3)], [v("y", T.FLOAT, None, 2, 3, 3)], **P)
save("different_first_symbols", [n("MatMul", "x W", "y"), n("MatMul", "z W", "u")], [v("x", T.FLOAT, "batch", 4), v("z", T.FLOAT, "items", 4)],
     [v("y", T.FLOAT, "batch", 3), v("u", T.FLOAT, "items", 3)], [w("W", 4, 3)], **P)
save("max_pool_indices", [n("MaxPool", "x", "p y", kernel_shape=[2])], [v("x", T.FLOAT, None, 1, 4)], [v("y", T.INT64, None, 1, 3)], **P)
save("loop_over_rows", [n("Shape", "x", "shape"), n("Gather", "shape zero", "rows"),
                        h.make_node("Loop", ["rows", "", "start"], ["sum", "y"], body=h.make_graph(
                            [n("Gather", "x i", "row"), n("Add", "sum_in row", "sum_out"), n("Identity", "sum_out", "each"), n("Identity", "cond_in", "cond_out")], "body",
                            [v("i", T.INT64), v("cond_in", T.BOOL), v("sum_in", T.FLOAT, 4)], [v("cond_out", T.BOOL), v("sum_out", T.FLOAT, 4), v("each", T.FLOAT, 4)]))],
     [X], [v("y", T.FLOAT, None, 4)], [c("zero", 0), c("start", [0, 0, 0, 0], np.float32)], **P)
save("if_captures_rows", [n("ReduceSum", "x", "sum", keepdims=0), n("Greater", "sum zero", "positive"),
                          h.make_node("If", ["positive"], ["y"], then_branch=h.make_graph([n("Identity", "x", "a")], "then", [], [v("a", T.FLOAT, None, 4)]),
                                      else_branch=h.make_graph([n("Neg", "x", "b")], "else", [], [v("b", T.FLOAT, None, 4)]))],
     [X], [v("y", T.FLOAT, None, 4)], [c("zero", 0, np.float32)], **P)
centre = h.make_function("local", "Centre", ["a"], ["b"], [n("ReduceMean", "a", "m", axes=[0]), n("Sub", "a m", "b")], [h.make_opsetid("", 15)])
save("function_over_rows", [n("Centre", "x", "y", "local")], [X], [v("y", T.FLOAT, None, 4)], functions=[centre], **P)
save("stop_words", [n("StringNormalizer", "x", "y", stopwords=["a"], is_case_sensitive=1)], [v("x", T.STRING, None)], [v("y", T.STRING, None)], **P)
save("words_padded", [n("Tokenizer", "numbers", "words", "com.microsoft", mark=0, mincharnum=1, pad_value="0", separators=[" "]), n("Cast", "words", "values", to=T.FLOAT),
                      n("ReduceMean", "values", "y", axes=[1])], [v("numbers", T.STRING, None)], [Y], **P)
save("transposed_output", [n("Transpose", "x", "y", perm=[1, 0])], [X], [v("y", T.FLOAT, None, None)], **P)
save("batch_numbers", [n("NonMaxSuppression", "x scores most", "found"), n("Cast", "found", "y", to=T.FLOAT)], [v("x", T.FLOAT, None, 6, 4), v("scores", T.FLOAT, None, 1, 6)],
     [v("y", T.FLOAT, None, 3)], [c("most", [3])], **P)
