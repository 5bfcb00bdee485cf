@NullMarked
package io.millrace.engine.onnx;

import org.jspecify.annotations.NullMarked;
