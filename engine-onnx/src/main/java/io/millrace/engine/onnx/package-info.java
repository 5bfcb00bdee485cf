/** Sentence embeddings with ONNX Runtime: models of the BERT family in the worker's process. */
@NullMarked
package io.millrace.engine.onnx;

import org.jspecify.annotations.NullMarked;
