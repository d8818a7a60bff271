/** A QR code as a drawing; dark on white in both themes, for cameras expect it so. */
import { generate } from 'lean-qr';
import type { VNode } from 'preact';

/** Quiet zone around the code, in modules: what the standard asks for. */
const margin = 4;

export function QrCode({ text, label }: { text: string; label: string }): VNode {
  const code = generate(text);
  let path = '';
  for (let y = 0; y < code.size; y++)
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) path += `M${x} ${y}h1v1h-1z`;
  const side = code.size + 2 * margin;
  return (
    <svg class="qr" viewBox={`${-margin} ${-margin} ${side} ${side}`} role="img" aria-label={label}>
      <rect x={-margin} y={-margin} width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
