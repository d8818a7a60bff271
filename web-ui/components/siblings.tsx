/** Links between lists that belong to one place. */
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso/router';

export function Siblings({ links }: { links: { href: string; text: string }[] }): VNode {
  const { path } = useLocation();
  // The longest that fits: /system/history is not also /system.
  const here = links
    .map((link) => link.href)
    .filter((href) => path === href || path.startsWith(`${href}/`))
    .sort((a, b) => b.length - a.length)[0];
  return (
    <nav class="tabs">
      {links.map((link) => (
        <a
          key={link.href}
          class="tab"
          href={link.href}
          aria-current={link.href === here ? 'page' : undefined}
        >
          {link.text}
        </a>
      ))}
    </nav>
  );
}
