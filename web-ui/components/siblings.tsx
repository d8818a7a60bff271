/** Links between lists that belong to one place. */
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso/router';

export function Siblings({ links }: { links: { href: string; text: string }[] }): VNode {
  const { path } = useLocation();
  return (
    <nav class="tabs">
      {links.map((link) => (
        <a
          key={link.href}
          class="tab"
          href={link.href}
          aria-current={path === link.href || path.startsWith(`${link.href}/`) ? 'page' : undefined}
        >
          {link.text}
        </a>
      ))}
    </nav>
  );
}
